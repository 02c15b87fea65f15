// Random drafts, made so that much happens in them: which call comes next depends on how the model
// says that everything stands.
#pragma once

#include <random>

#include "conformance/walks/draft.hpp"

namespace ws2conform::walks {

struct Generated {
  Draft draft;
  Case walk;
};

// An actor's end of a connection, or any socket of it.
struct End {
  std::string actor;
  std::string socket;
};

class Generator {
 public:
  Generator(std::string provider, std::string edition, const ws2::Limits& limits,
            std::uint64_t seed)
      : provider_(std::move(provider)),
        edition_(std::move(edition)),
        limits_(limits),
        random_(seed) {}

  // A walk that holds in the model under all its schedules. Nothing where none was found.
  std::optional<Generated> walk(const std::string& id);

 private:
  using json = nlohmann::json;
  using Fields = std::vector<std::pair<std::string, json>>;
  using Scene = void (Generator::*)(Draft& draft, const End& own, const End& peer);

  std::size_t below(std::size_t count) { return random_() % count; }
  bool chance(unsigned percent) { return below(100) < percent; }
  template <typename Value>
  const Value& one_of(const std::vector<Value>& values) {
    return values[below(values.size())];
  }
  std::string next_id(const Draft& draft) const;
  json octets(std::size_t limit);
  json some_data();
  json quality();
  // About `count`: that many, one more, one less.
  std::string near(std::size_t count);
  void add(Draft& draft, const std::string& actor, const std::string& operation,
           std::vector<std::pair<std::string, json>> fields = {});
  void set_up(Draft& draft);
  void prepare(Draft& draft, const std::string& actor, const std::string& socket);
  void request(Draft& draft, const std::string& client, const std::string& socket);
  void answer(Draft& draft, const std::string& accepted);
  void request_and_answer(Draft& draft, const std::string& client, const std::string& socket,
                          const std::string& accepted);
  void two_requests(Draft& draft);
  void announced_request(Draft& draft);
  void pending_connect(Draft& draft);
  void look_of_the_peer(Draft& draft, const std::string& actor, const std::string& socket);
  void options_handed_on(Draft& draft);
  void another_connection(Draft& draft);
  void any_call(Draft& draft, const model::Net& net);
  void about_events(Draft& draft, const std::string& actor, const std::string& socket,
                    const model::Net::View& view);
  void about_options(Draft& draft, const std::string& actor, const std::string& socket);
  void about_data(Draft& draft, const std::string& actor, const std::string& socket,
                  const model::Net::View& view);
  void about_the_end(Draft& draft, const std::string& actor, const std::string& socket,
                     const model::Net::View& view);
  void about_quality(Draft& draft, const std::string& actor, const std::string& socket);
  void all_that_comes(Draft& draft, const std::string& actor, const std::string& socket,
                      const model::Net::View& view);
  void once_more(Draft& draft);
  void about_set_up(Draft& draft, const std::string& actor, const std::string& socket);

  // What a walk can begin with besides. generator_beginnings.cpp.
  void looked_up(Draft& draft);
  void refused(Draft& draft);
  void told_by_select(Draft& draft);
  void withdrawn(Draft& draft);
  void nobody_waits(Draft& draft);
  void several_ends(Draft& draft);
  void quality_before(Draft& draft);
  void legacy_data(Draft& draft);
  void another_process_life(Draft& draft);
  void wrong_addresses(Draft& draft);

  // Calls about one thing, in an order in which chance alone would hardly ever make them.
  // generator_scenes.cpp, generator_event_scenes.cpp.
  static const std::vector<Scene>& scenes();
  static End peer_of(const Draft& draft, const End& own);
  void say(Draft& draft, const End& end, const std::string& operation, Fields fields = {});
  std::string new_name(const char* what) { return what + std::to_string(++names_); }
  std::string selected_event(Draft& draft, const End& end, std::vector<std::string> wanted);
  void told(Draft& draft, const End& end, const std::string& event);
  void scene_of_peeking(Draft& draft, const End& own, const End& peer);
  void scene_of_messages(Draft& draft, const End& own, const End& peer);
  void scene_of_the_end(Draft& draft, const End& own, const End& peer);
  void scene_of_crossing(Draft& draft, const End& own, const End& peer);
  void scene_of_too_much(Draft& draft, const End& own, const End& peer);
  void scene_of_shutdown(Draft& draft, const End& own, const End& peer);
  void scene_of_closing(Draft& draft, const End& own, const End& peer);
  void scene_of_lingering(Draft& draft, const End& own, const End& peer);
  void scene_of_the_dead(Draft& draft, const End& own, const End& peer);
  void scene_of_connecting_again(Draft& draft, const End& own, const End& peer);
  void scene_of_another_socket(Draft& draft, const End& own, const End& peer);
  void scene_of_readiness(Draft& draft, const End& own, const End& peer);
  void scene_of_overlapped(Draft& draft, const End& own, const End& peer);
  void scene_of_the_provider(Draft& draft, const End& own, const End& peer);
  void scene_of_data_told(Draft& draft, const End& own, const End& peer);
  void scene_of_the_end_told(Draft& draft, const End& own, const End& peer);
  void scene_of_selecting(Draft& draft, const End& own, const End& peer);
  void scene_of_enumerating(Draft& draft, const End& own, const End& peer);
  void scene_of_one_object(Draft& draft, const End& own, const End& peer);
  void scene_of_quality_told(Draft& draft, const End& own, const End& peer);

  std::string provider_;
  std::string edition_;
  ws2::Limits limits_;
  std::mt19937_64 random_;
  int names_ = 0;  // given out in the draft
};

}  // namespace ws2conform::walks
