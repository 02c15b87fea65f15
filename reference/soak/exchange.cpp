// Whole lives of connections, one after the other, in four threads of each process.

#include "soak/exchange.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <iostream>
#include <mutex>
#include <thread>

#include "soak/footprint.hpp"
#include "soak/partner.hpp"
#include "soak/winsock.hpp"

namespace soak {
namespace {

constexpr std::size_t kThreads = 4;
constexpr std::size_t kRounds = 10;
/// Not measured: what is made once (threads' arenas, tables) is made in it.
constexpr std::size_t kWarmUpRounds = 2;

/// Octets that tell apart every exchange and every use in it. Lengths vary from 1 to `most`.
std::string text(char use, std::size_t number, std::size_t most) {
  const std::string mark = use + std::to_string(number) + ' ';
  const std::size_t size = std::max(mark.size(), 1 + number * 7919 % most);
  std::string octets;
  while (octets.size() < size) octets += mark;
  octets.resize(size);
  return octets;
}

std::size_t number_in(const std::string& octets) {
  return static_cast<std::size_t>(std::stoull(octets.substr(1)));
}

std::string greeting(const std::string& caller_data) {
  return text('G', number_in(caller_data), 512);
}

void call(const std::string& provider, unsigned port, std::size_t number) {
  const SOCKET s = open_socket(provider);
  const std::string callee_data = connect_to(s, port, text('C', number, 512));
  require_same(callee_data, text('G', number, 512), "callee data");
  send_all(s, text('Q', number, 3000));
  const std::string reply = text('R', number, 3000);
  require_same(receive(s, reply.size()), reply, "reply");
  send_disconnect(s, text('D', number, 512));
  expect_end(s);
  require_same(receive_disconnect(s), text('E', number, 512), "the server's disconnect data");
  close(s);
}

void serve(SOCKET listener) {
  std::string caller_data;
  const SOCKET s = accept_one(listener, greeting, caller_data);
  const std::size_t number = number_in(caller_data);
  require_same(caller_data, text('C', number, 512), "caller data");
  const std::string request = text('Q', number, 3000);
  require_same(receive(s, request.size()), request, "request");
  send_all(s, text('R', number, 3000));
  expect_end(s);
  require_same(receive_disconnect(s), text('D', number, 512), "the client's disconnect data");
  send_disconnect(s, text('E', number, 512));
  close(s);
}

/// `work` for each number below `count`, in all threads; throws what the first of them threw.
template <typename Work>
void in_threads(std::size_t count, Work work) {
  std::atomic<std::size_t> next = 0;
  std::exception_ptr failure;
  std::mutex mutex;
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      try {
        for (std::size_t number; (number = next++) < count;) work(number);
      } catch (...) {
        next = count;
        const std::lock_guard lock(mutex);
        failure = std::current_exception();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  if (failure) std::rethrow_exception(failure);
}

/// Whether something that is measured at the end of every round grows with the rounds.
void require_steady(const std::string& process, const std::vector<Footprint>& rounds) {
  const Footprint& first = rounds.front();
  Footprint last = rounds.back();
  // What is in use may differ by what is under way in the background; growth would be in all.
  for (std::size_t i = rounds.size() - 3; i < rounds.size(); ++i) {
    last.heap = std::min(last.heap, rounds[i].heap);
    last.resident = std::min(last.resident, rounds[i].resident);
    last.descriptors = std::min(last.descriptors, rounds[i].descriptors);
  }
  std::cout << process << ": heap " << first.heap << " -> " << last.heap << ", resident "
            << first.resident / 1024 << " -> " << last.resident / 1024 << " KiB, descriptors "
            << first.descriptors << " -> " << last.descriptors << std::endl;
  if (last.descriptors > first.descriptors)
    throw std::runtime_error(process + ": descriptors are left open");
  if (!is_memory_measurable()) return;
  if (last.heap > first.heap + 16 * 1024) throw std::runtime_error(process + ": the heap grows");
  if (last.resident > first.resident + 2 * 1024 * 1024)
    throw std::runtime_error(process + ": resident memory grows");
}

}  // namespace

void run_exchanges(const std::string& provider, std::size_t count) {
  Partner server({"serve-exchanges", provider});
  const auto port = static_cast<unsigned>(std::stoul(server.hear()));
  std::vector<Footprint> own;
  std::vector<Footprint> others;
  const auto begin = std::chrono::steady_clock::now();
  std::size_t done = 0;
  for (std::size_t round = 1; round <= kRounds; ++round) {
    const std::size_t share = count * round / kRounds - done;
    server.say(std::to_string(share));
    in_threads(share, [&](std::size_t number) { call(provider, port, done + number); });
    done += share;
    const Footprint theirs = from_line(server.hear());
    if (round <= kWarmUpRounds) continue;
    own.push_back(footprint());
    others.push_back(theirs);
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  server.say("0");
  if (server.finish() != 0) throw std::runtime_error("the server failed");
  std::cout << provider << ": " << done << " exchanges, "
            << static_cast<std::size_t>(static_cast<double>(done) / took.count()) << " a second"
            << std::endl;
  require_steady("client", own);
  require_steady("server", others);
}

void serve_exchanges(const std::string& provider) {
  unsigned port = 0;
  const SOCKET listener = open_listener(provider, port);
  answer(std::to_string(port));
  for (std::string line; told(line) && line != "0";) {
    in_threads(std::stoul(line), [&](std::size_t) { serve(listener); });
    answer(to_line(footprint()));
  }
  close(listener);
}

}  // namespace soak
