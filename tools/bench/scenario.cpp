#include "scenario.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "octets.hpp"

namespace bench {
namespace {

constexpr int kCrowd = 64;
constexpr int kCompany = 1000;
/// Every exchange costs a local port for as long as TIME_WAIT lasts, and there are 28,000.
constexpr int kMostExchanges = 20'000;

/// Runs `work(index)` on so many threads, and throws what one of them threw.
template <typename Work>
void on_threads(int count, Work&& work) {
  std::mutex mutex;
  std::exception_ptr thrown;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < count; ++i) {
      threads.emplace_back([&, i] {
        try {
          work(i);
        } catch (...) {
          const std::lock_guard lock(mutex);
          thrown = std::current_exception();
        }
      });
    }
  }
  if (thrown) std::rethrow_exception(thrown);
}

Job one_after_the_other(int operations) {
  const int warm_up = operations / 20 + 1;
  Job job;
  const auto serve = [](int count) {
    return [count](Server& server) {
      for (int i = 0; i < count; ++i) server.serve_exchange();
    };
  };
  const auto call = [](int count) {
    return [count](Client& client, std::uint16_t = 0) {
      for (int i = 0; i < count; ++i) client.exchange();
    };
  };
  job.prepare_server = serve(warm_up);
  job.prepare_client = call(warm_up);
  job.serve = serve(operations);
  job.call = call(operations);
  return job;
}

/// Accepted connections on their way from the thread that accepts to those that serve.
class Handover {
 public:
  void give(std::intptr_t connection) {
    {
      const std::lock_guard lock(mutex_);
      waiting_.push_back(connection);
    }
    given_.notify_one();
  }
  std::intptr_t take() {
    std::unique_lock lock(mutex_);
    given_.wait(lock, [this] { return !waiting_.empty(); });
    const std::intptr_t connection = waiting_.front();
    waiting_.pop_front();
    return connection;
  }

 private:
  std::mutex mutex_;
  std::condition_variable given_;
  std::deque<std::intptr_t> waiting_;
};

Job many_at_once(int operations) {
  const int each = operations / kCrowd + 1;
  Job job;
  job.serve = [each](Server& server) {
    Handover handover;
    std::jthread acceptor([&] {
      for (int i = 0; i < kCrowd * each; ++i) handover.give(server.accept());
    });
    on_threads(kCrowd, [&](int) {
      for (int i = 0; i < each; ++i) server.serve_accepted(handover.take());
    });
  };
  job.call = [each](Client& client) {
    on_threads(kCrowd, [&](int) {
      for (int i = 0; i < each; ++i) client.exchange();
    });
  };
  return job;
}

Job requests(int operations) {
  Job job;
  job.prepare_server = [](Server& server) { server.answer_requests(); };
  job.prepare_client = [operations](Client& client, std::uint16_t) {
    client.request_often(operations / 20 + 1);
  };
  job.serve = [](Server& server) { server.answer_requests(); };
  job.call = [operations](Client& client) { client.request_often(operations); };
  return job;
}

Job bulk(int operations) {
  const std::uint64_t octets = static_cast<std::uint64_t>(operations) * kBulkSend;
  Job job;
  job.serve = [octets](Server& server) { server.take_bulk(octets); };
  job.call = [octets](Client& client) { client.send_bulk(octets); };
  return job;
}

Job beside_idle(Job job) {
  job.prepare_server = [before = job.prepare_server](Server& server) {
    server.hold_idle(kCompany);
    before(server);
  };
  job.prepare_client = [before = job.prepare_client](Client& client, std::uint16_t port) {
    client.hold_idle(kCompany);
    before(client, port);
  };
  return job;
}

Job beside_deferred(Job job) {
  job.needs_defer_port = true;
  job.prepare_server = [before = job.prepare_server](Server& server) {
    server.defer();
    before(server);
  };
  job.prepare_client = [before = job.prepare_client](Client& client, std::uint16_t port) {
    client.hold_deferred(kCompany, port);
    before(client, port);
  };
  return job;
}

std::vector<Row> rows(unsigned can, Job (*job)(int)) {
  std::vector<Row> made;
  for (const Contender& each : contenders()) {
    if (each.serve != nullptr && (each.can & can) == can) {
      made.push_back({std::string(each.name), &each, job});
    }
  }
  return made;
}

std::vector<Row> in_company(Job (*job)(int)) {
  const Contender& stream = contender("ws2 stream");
  return {{"alone", &stream, job},
          {"1,000 idle, FD_READ selected", &stream, [job](int n) { return beside_idle(job(n)); }},
          {"1,000 deferred requests", &stream, [job](int n) { return beside_deferred(job(n)); }}};
}

}  // namespace

std::vector<Scenario> scenarios() {
  return {
      {"exchange", "Full exchange, one after the other", "exchanges", 1, kMostExchanges, 10,
       rows(Contender::kExchange, one_after_the_other)},
      {"crowd", "Full exchange, 64 clients at once", "exchanges", 1, kMostExchanges, 128,
       rows(Contender::kThreads, many_at_once)},
      {"bulk", "Bulk, 64 KiB a send", "MiB", kBulkSend / 1048576.0, 1 << 20, 64,
       rows(Contender::kConnections, bulk)},
      {"requests", "Requests of 64 octets and their replies on one connection", "requests", 1,
       1 << 20, 200, rows(Contender::kConnections, requests)},
      {"requests-in-company", "The same, beside other connections of the same processes",
       "requests", 1, 1 << 20, 200, in_company(requests)},
      {"exchange-in-company", "Full exchange, beside other connections of the same processes",
       "exchanges", 1, kMostExchanges, 10, in_company(one_after_the_other)},
  };
}

}  // namespace bench
