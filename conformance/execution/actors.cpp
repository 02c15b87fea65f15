#include "conformance/execution/actors.hpp"

#include <fmt/format.h>
#include <signal.h>

#include <algorithm>

namespace ws2conform {
namespace {

std::chrono::milliseconds times(std::chrono::milliseconds duration, double factor) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(duration * factor);
}

}  // namespace

Patience Patience::scaled(double factor) const {
  const double longer = std::max(factor, 1.0);
  return {times(call, factor), times(start, longer), times(stop, longer), window_factor * factor,
          times(least_window, factor)};
}

Actors::~Actors() {
  const host::Clock::time_point deadline = host::Clock::now() + patience_.stop;
  for (auto& [key, actor] : running_) actor.adapter->stop(deadline);
}

Actor& Actors::get(const host::Iut& iut, std::size_t index) {
  const auto found = running_.find({iut.file, index});
  if (found != running_.end()) return found->second;
  constexpr int kMostFailedStarts = 3;
  try {
    Actor actor = start(iut);
    failed_starts_[iut.file] = 0;
    return running_.emplace(std::pair{iut.file, index}, std::move(actor)).first->second;
  } catch (const CannotDrive& error) {
    const auto failed = failed_starts_.find(iut.file);
    if (failed == failed_starts_.end() || ++failed->second == kMostFailedStarts) throw;
    throw CannotRestart(error.what());
  }
}

Actor Actors::start(const host::Iut& iut) {
  const std::vector<std::string> missing = host::missing_programs(iut);
  if (!missing.empty()) {
    throw CannotDrive(fmt::format("{}: {} is not installed{}", iut.file, fmt::join(missing, ", "),
                                  iut.install.empty() ? "" : " (" + iut.install + ")"));
  }
  Actor actor;
  actor.iut = iut.name;
  try {
    actor.adapter = std::make_unique<host::Adapter>(context_, iut);
  } catch (const std::runtime_error& error) {
    throw CannotDrive(fmt::format("{}: its adapter cannot be started: {}", iut.file, error.what()));
  }
  {
    const std::lock_guard lock(mutex_);
    groups_.insert(actor.adapter->pid());
  }
  try {
    greet(actor, iut);
  } catch (...) {
    const std::lock_guard lock(mutex_);
    groups_.erase(actor.adapter->pid());
    throw;
  }
  return actor;
}

void Actors::greet(Actor& actor, const host::Iut& iut) const {
  const auto hello = actor.adapter->receive(host::Clock::now() + patience_.start);
  if (const auto* breakdown = std::get_if<host::Breakdown>(&hello)) {
    throw CannotDrive(fmt::format("{}: no hello from its adapter: {}: {}", iut.file,
                                  to_string(breakdown->kind), breakdown->detail));
  }
  try {
    actor.hello = parse_hello(std::get<host::Message>(hello).body);
  } catch (const std::runtime_error& error) {
    throw CannotDrive(
        fmt::format("{}: its adapter's hello is unusable: {}", iut.file, error.what()));
  }
  actor.conversation = std::make_unique<host::Conversation>(*actor.adapter, actor.hello.lanes,
                                                            actor.hello.reads_ahead);
}

void Actors::retire(const host::Iut& iut, std::size_t index) {
  const auto found = running_.find({iut.file, index});
  if (found == running_.end()) return;
  found->second.adapter->stop(host::Clock::now() + patience_.stop);
  forget(iut, index);
}

void Actors::interrupt() {
  const std::lock_guard lock(mutex_);
  for (const int group : groups_) ::kill(-group, SIGKILL);
}

void Actors::forget(const host::Iut& iut, std::size_t index) {
  const auto found = running_.find({iut.file, index});
  if (found == running_.end()) return;
  {
    const std::lock_guard lock(mutex_);
    groups_.erase(found->second.adapter->pid());
  }
  running_.erase(found);
}

void Actors::discard(const host::Iut& iut, std::size_t index) {
  forget(iut, index);
}

}  // namespace ws2conform
