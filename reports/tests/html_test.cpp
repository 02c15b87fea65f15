#include "reports/html.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <regex>
#include <set>

#include "reports/page/embedded.hpp"
#include "reports/tests/sample.hpp"

namespace ws2conform::reports {
namespace {

std::size_t occurrences(const std::string& html, const std::string& text) {
  std::size_t number = 0;
  for (std::size_t at = html.find(text); at != std::string::npos; at = html.find(text, at + 1))
    ++number;
  return number;
}

std::set<std::string> all(const std::string& html, const char* pattern) {
  const std::regex expression(pattern);
  std::set<std::string> found;
  for (std::sregex_iterator it(html.begin(), html.end(), expression), end; it != end; ++it)
    found.insert((*it)[1]);
  return found;
}

TEST(Html, IsTheSameForTheSameRun) {
  EXPECT_EQ(html(sample_run()), html(sample_run()));
}

TEST(Html, ShowsEveryVerdictInWords) {
  const std::string page = html(sample_run());
  for (const Verdict verdict : kAllVerdicts)
    EXPECT_TRUE(holds(page, " " + std::string(to_string(verdict)) + "</b>")) << to_string(verdict);
}

TEST(Html, ShowsWhyAndWhereAndHowToReplay) {
  const std::string page = html(sample_run());
  EXPECT_TRUE(holds(page, "WSARecvDisconnect on the client returned no data"));
  EXPECT_TRUE(holds(page, "cases/teardown/totals-answered-by-grand-total.yaml:19"));
  EXPECT_TRUE(holds(page, "ws2conform replay t7-9e02"));
  EXPECT_TRUE(holds(page, "The end that began the teardown can fetch the answer of its peer."));
  EXPECT_TRUE(holds(page, "the client received none"));  // the further violation
  EXPECT_TRUE(holds(page, "tcp does not declare XP1_DISCONNECT_DATA"));
  EXPECT_TRUE(holds(page, "no fence exists"));
  EXPECT_TRUE(holds(page, "no case names it"));
}

TEST(Html, SaysAViolationOnceWhereTheReasonRepeatsIt) {
  RunResult run = sample_run();
  const auto failed = std::find_if(
      run.instances.begin(), run.instances.end(),
      [](const InstanceResult& instance) { return instance.verdict == Verdict::kFail; });
  ASSERT_NE(failed, run.instances.end());
  InstanceResult instance = *failed;
  const auto violated =
      std::find_if(instance.schedules.begin(), instance.schedules.end(),
                   [](const ScheduleResult& schedule) { return !schedule.violations.empty(); });
  ASSERT_NE(violated, instance.schedules.end());
  instance.reason = violated->violations.front().message = "a sentence like no other";
  run.instances = {instance};
  const std::string page = html(run);
  const std::string failures =
      page.substr(page.find("id=\"failures\""),
                  page.find("id=\"inconclusive\"") - page.find("id=\"failures\""));
  EXPECT_EQ(occurrences(failures, "a sentence like no other"), 1U);
}

TEST(Html, PutsFailuresBeforeAllOtherCases) {
  const std::string page = html(sample_run());
  std::size_t last = 0;
  for (const char* section :
       {"id=\"matrix\"", "id=\"failures\"", "id=\"inconclusive\"", "id=\"not-applicable\"",
        "id=\"known-failures\"", "id=\"cases\"", "id=\"requirements\"", "id=\"environment\""}) {
    const std::size_t at = page.find(section);
    ASSERT_NE(at, std::string::npos) << section;
    EXPECT_GT(at, last) << section;
    last = at;
  }
}

TEST(Html, GivesTheReasonsInTheirOwnSections) {
  const std::string page = html(sample_run());
  const auto section = [&](const std::string& id) {
    const std::size_t begin = page.find("<section id=\"" + id + "\"");
    return page.substr(begin, page.find("</section>", begin) - begin);
  };
  EXPECT_TRUE(holds(section("inconclusive"), "no fence exists"));
  EXPECT_TRUE(holds(section("known-failures"), "the layer answers WSAETIMEDOUT"));
  EXPECT_TRUE(holds(section("not-applicable"), "tcp does not declare XP1_DISCONNECT_DATA"));
  EXPECT_TRUE(holds(section("environment"), "2 processors"));
}

TEST(Html, SaysWhenARunWasCutOff) {
  RunResult run = sample_run();
  EXPECT_FALSE(holds(html(run), "The run is not complete"));
  run.complete = false;
  run.instances.resize(2);
  const std::string page = html(run);
  EXPECT_TRUE(holds(page, "The run is not complete"));
  EXPECT_FALSE(holds(page, "Conforms"));
}

TEST(Html, OnlyBlamesForDocumentedExpectations) {
  RunResult run = sample_run();
  EXPECT_TRUE(holds(html(run), "Does not conform"));
  for (InstanceResult& instance : run.instances)
    for (ScheduleResult& schedule : instance.schedules)
      for (Violation& violation : schedule.violations) violation.provenance = Provenance::kWindows;
  const std::string page = html(run);
  EXPECT_FALSE(holds(page, "Does not conform"));
  EXPECT_TRUE(holds(page, "Differs from Windows"));
}

TEST(Html, DrawsOnePictureAndRefersToItWhenTheNextIsTheSame) {
  RunResult run = sample_run();
  run.instances.resize(2);
  EXPECT_EQ(occurrences(html(run), "<svg class=\"sequence\""), 1u);
  run.instances[1].schedules[0].steps[3].observed = "returns 1";
  EXPECT_EQ(occurrences(html(run), "<svg class=\"sequence\""), 2u);
}

TEST(Html, AnInstanceThatShowsNothingOfItsOwnIsALine) {
  RunResult run = sample_run();
  run.instances.resize(2);
  run.instances[1] = run.instances[0];
  run.instances[1].axes[0].second = "tcp";
  std::string page = html(run);
  EXPECT_EQ(occurrences(page, "<details class=\"instance\""), 1u);
  EXPECT_EQ(occurrences(page, "<div class=\"instance\""), 1u);
  EXPECT_TRUE(holds(page, "· as in <a href=\"#case-totals-answered-by-grand-total--.message."));
  // What was given may differ alone.
  run.instances[1].schedules[0].steps[0].call = "listen(listener, backlog: 6)";
  page = html(run);
  EXPECT_EQ(occurrences(page, "<details class=\"instance\""), 2u);
  EXPECT_EQ(occurrences(page, "<details class=\"opening\""), 2u);
  EXPECT_EQ(occurrences(page, "<svg class=\"sequence\""), 1u);
  EXPECT_TRUE(holds(page, "steps and sequence, schedules as in <a"));
}

TEST(Html, ListsTheSameOrdersOnceButEachFinding) {
  RunResult run = sample_run();
  run.instances.resize(2);
  run.instances[1].schedules = run.instances[0].schedules;
  EXPECT_EQ(occurrences(html(run), "<details class=\"orders\""), 1u);
  run.instances[1].schedules[1].verdict = Verdict::kInconclusive;
  EXPECT_EQ(occurrences(html(run), "<details class=\"orders\""), 2u);
}

TEST(Html, HasNoLinkThatLeadsNowhereAndNoIdTwice) {
  RunResult run = sample_run();
  run.instances.push_back(run.instances[0]);  // the same case and axes again
  const std::string page = html(run);
  const std::set<std::string> ids = all(page, " id=\"([^\"]*)\"");
  for (const std::string& id : ids) EXPECT_EQ(occurrences(page, " id=\"" + id + "\""), 1u) << id;
  for (const std::string& link : all(page, "href=\"#([^\"]*)\""))
    EXPECT_TRUE(ids.contains(link)) << link;
}

TEST(Html, ForbidsTheNetworkAndAsksNothingOfIt) {
  const std::string page = html(sample_run());
  EXPECT_TRUE(holds(page, "default-src 'none'"));
  for (const char* asks : {"src=\"", "@import", "<link", "fetch(", "XMLHttpRequest"})
    EXPECT_FALSE(holds(page, asks)) << asks;
  // What it takes from elsewhere stands in itself.
  EXPECT_EQ(occurrences(page, "url("), occurrences(page, "url(#"));
  // The policy names style and script by the hash of exactly these bytes.
  EXPECT_TRUE(holds(page, "<style>" + std::string(embedded::style_css) + "</style>"));
  EXPECT_TRUE(holds(page, "<script>" + std::string(embedded::script_js) + "</script>"));
  EXPECT_TRUE(holds(page, embedded::style_css_sha256));
  EXPECT_TRUE(holds(page, embedded::script_js_sha256));
  EXPECT_FALSE(holds(page, " style=\""));
}

TEST(Html, ShowsHostileTextOnlyAsText) {
  const std::string evil = "\"'><script>evil()</script>{{banner}}{{{style}}}\x01\x1b\xff\xc0\u202E";
  RunResult run = sample_run();
  run.machine = run.command_line = run.edition = run.started = run.suite_version = evil;
  run.case_set = evil;
  run.implementations = {{evil, evil, evil, evil}};
  for (auto& [id, requirement] : run.requirements)
    requirement.statement = requirement.source = requirement.file = evil;
  for (InstanceResult& instance : run.instances) {
    instance.title = instance.reason = instance.case_id = instance.area = instance.file = evil;
    instance.requirements.push_back(evil);
    instance.axes = {{evil, evil}};
    for (ScheduleResult& schedule : instance.schedules) {
      schedule.order = schedule.replay_id = schedule.reason = evil;
      schedule.conversation = {{{}, evil, evil, evil}};
      for (StepRecord& step : schedule.steps) {
        step.actor += evil;
        step.call = step.expected = step.observed = evil;
      }
      for (Violation& violation : schedule.violations) {
        violation.check = violation.step = violation.expected = violation.observed = evil;
        violation.message = violation.file = evil;
      }
    }
  }
  const std::string page = html(run);
  EXPECT_EQ(occurrences(page, "<script"), 1u);
  EXPECT_TRUE(holds(page, "\"'&gt;&lt;script&gt;evil()&lt;/script&gt;{{banner}}{{{style}}}"));
  for (const char control : {'\x01', '\x1b', '\xff', '\xc0'})
    EXPECT_EQ(page.find(control), std::string::npos);
}

TEST(Html, TellsOnceWhatFailedAlikeAndNamesTheOthers) {
  RunResult run = sample_run();
  InstanceResult again = run.instances[2];
  again.axes[0].second = "stream";
  run.instances.push_back(again);
  again.axes[0].second = "tcp";
  again.schedules[1].violations[0].check = "step 2 error";
  run.instances.push_back(again);
  const std::string page = html(run);
  EXPECT_EQ(occurrences(page, "<article class=\"failure\""), 4u);  // an error, a pass, and two
  EXPECT_TRUE(holds(page, "The same with 1 other choice of axes"));
  EXPECT_TRUE(holds(page, "provider=stream, notice=WSAEDISCON"));
}

TEST(Html, CountsWhatHoldsByAreaAndProvider) {
  RunResult run = sample_run();
  const std::string page = html(run);
  const std::size_t begin = page.find("<table class=\"matrix\">");
  const std::string matrix = page.substr(begin, page.find("</table>", begin) - begin);
  EXPECT_TRUE(holds(matrix, "<th scope=\"col\">message</th>"));
  // Its one failing case names three of the area, and an invariant the fourth.
  EXPECT_TRUE(holds(matrix, "0 of 4<span class=\"unseen\">, fail</span>"));
  EXPECT_TRUE(holds(matrix, "href=\"#area-teardown\""));
  EXPECT_TRUE(holds(page, "id=\"area-teardown\""));
}

TEST(Html, PutsALongConversationBesideThePage) {
  RunResult run = sample_run();
  EXPECT_TRUE(page(run).evidence.empty());
  run.instances[2].schedules[1].conversation.assign(10'000, {{}, "client", "<", "flooding-line"});
  const Page made = page(run);
  ASSERT_EQ(made.evidence.size(), 1u);
  const auto& [path, text] = *made.evidence.begin();
  EXPECT_TRUE(holds(made.html, "href=\"" + path + "\""));
  EXPECT_EQ(occurrences(text, "flooding-line"), 10'000u);
}

TEST(Html, StaysWithinItsSizeWhenAllFailsWithMuchToSay) {
  RunResult run = sample_run();
  InstanceResult failing = run.instances[2];
  failing.schedules[1].conversation.assign(300, {{}, "client", "<", std::string(700, 'x')});
  for (int i = 0; i < 50; ++i) {
    failing.case_id = "case-" + std::to_string(i);
    failing.schedules[1].conversation[0].text = failing.case_id;
    run.instances.push_back(failing);
  }
  const Page made = page(run);
  EXPECT_LT(made.html.size(), 2'500'000u);
  EXPECT_GT(made.evidence.size(), 40u);
}

TEST(Html, LeavesOutTheMiddleOfAFloodAndSaysSo) {
  RunResult run = sample_run();
  ConversationLine line{{}, "client", "<", "flooding-line"};
  run.instances[2].schedules[1].conversation.assign(10'000, line);
  const std::string page = html(run);
  EXPECT_EQ(occurrences(page, "flooding-line"), 300u);
  EXPECT_TRUE(holds(page, "9,700 lines left out here"));
}

TEST(Html, IsWholeForARunWithoutInstances) {
  const std::string page = html({});
  EXPECT_TRUE(holds(page, "Nothing was tested"));
  EXPECT_TRUE(holds(page, "</html>"));
}

}  // namespace
}  // namespace ws2conform::reports
