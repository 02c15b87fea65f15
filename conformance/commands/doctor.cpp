#include <fmt/format.h>

#include "conformance/commands/commands.hpp"
#include "conformance/doctor/examination.hpp"
#include "conformance/judge/wording.hpp"

namespace ws2conform {
namespace {

using doctor::Finding;

void print(const Finding& finding) {
  const char* mark = finding.grade == Finding::Grade::kGood   ? "good"
                     : finding.grade == Finding::Grade::kNote ? "note"
                                                              : "WRONG";
  fmt::print("{:<6} {}\n", mark, finding.subject);
  const auto line = [](const char* name, const std::string& text) {
    if (!text.empty()) fmt::print("       {:<7} {}\n", name, text);
  };
  if (finding.grade == Finding::Grade::kGood) {
    line("came:", finding.came);
    return;
  }
  line("tried:", finding.tried);
  line("came:", finding.came);
  line("wanted:", finding.wanted);
  line("mend:", finding.mend);
}

}  // namespace

int doctor_command(const Options& options) {
  const host::Iut iut = host::load_iut(options.iut, places());
  const Patience patience = Patience().scaled(options.time_factor);
  boost::asio::io_context context;
  std::size_t wrong = 0;
  std::size_t notes = 0;
  doctor::Examination examination{context,
                                  iut,
                                  patience,
                                  [&](const Finding& finding) {
                                    print(finding);
                                    wrong += finding.grade == Finding::Grade::kBad ? 1 : 0;
                                    notes += finding.grade == Finding::Grade::kNote ? 1 : 0;
                                  },
                                  {}};
  const bool spoke = doctor::examine(examination);
  if (!spoke) {
    fmt::print("\n{}: the adapter gave no usable hello; nothing else could be tried\n", iut.name);
    return kNotDriven;
  }
  if (wrong == 0) {
    fmt::print("\n{}: speaks the protocol ({})\n", iut.name, plural(notes, "note"));
    return kHolds;
  }
  fmt::print("\n{}: {} to mend; runners/PROTOCOL.md is the protocol\n", iut.name,
             plural(wrong, "point"));
  return kViolated;
}

}  // namespace ws2conform
