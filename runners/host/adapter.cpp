#include "runners/host/adapter.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <boost/asio/buffer.hpp>
#include <boost/asio/writable_pipe.hpp>
#include <boost/asio/write.hpp>
#include <boost/process/v2.hpp>
#include <cerrno>
#include <deque>
#include <stdexcept>
#include <unordered_map>
#include <vector>

#include "conformance/case/json_line.hpp"
#include "conformance/case/octets.hpp"
#include "runners/host/last_words.hpp"
#include "runners/host/lateness.hpp"
#include "runners/host/launch.hpp"
#include "runners/host/line.hpp"
#include "runners/host/outputs.hpp"
#include "runners/host/processes.hpp"

namespace ws2conform::host {
namespace {

namespace asio = boost::asio;
namespace bp = boost::process::v2;
using boost::system::error_code;

constexpr std::size_t kLongestLine = 1U << 20;   // octets, as PROTOCOL.md promises
constexpr std::size_t kMostMessages = 1U << 12;  // waiting to be received; more is a flood
constexpr std::size_t kMostWaiting = 8U << 20;   // octets of theirs
constexpr std::size_t kMostStderr = 1U << 16;    // octets that an observer is told of
constexpr const char* kMark = "WS2CONFORM_ADAPTER";
// Who wakes up later than this did not run.
constexpr std::chrono::milliseconds kLookout = Outputs::kTick;

std::string mark_for_next() {
  static std::atomic<unsigned> count{0};
  return fmt::format("{}={}.{}", kMark, ::getpid(), ++count);
}

// `mark` goes to everything that the adapter starts, wherever that hides.
std::vector<std::string> environment_of(const Iut& iut, const std::string& mark) {
  std::vector<std::string> variables = {mark};
  for (char** variable = ::environ; *variable != nullptr; ++variable) {
    const std::string text = *variable;
    const std::string name = text.substr(0, text.find('='));
    if (name != kMark && iut.environment.count(name) == 0) variables.push_back(text);
  }
  for (const auto& [name, value] : iut.environment) variables.push_back(name + "=" + value);
  return variables;
}

}  // namespace

std::string_view to_string(Breakdown::Kind kind) {
  switch (kind) {
    case Breakdown::Kind::kCrashed:
      return "crashed";
    case Breakdown::Kind::kExited:
      return "exited";
    case Breakdown::Kind::kSilent:
      return "silent";
    case Breakdown::Kind::kGarbage:
      return "garbage";
  }
  return "";
}

// Handlers of asynchronous operations hold a share of it, so it outlives the Adapter until the last
// of them has run.
class Adapter::Process : public std::enable_shared_from_this<Process> {
 public:
  Process(asio::io_context& context, const Iut& iut)
      : context_(context),
        name_(iut.name),
        mark_(mark_for_next()),
        outputs_(asio::use_service<Outputs>(context)),
        in_(context) {
    const std::string program = find_program(iut.command.front());
    if (program.empty()) {
      throw std::runtime_error(fmt::format("{} is not there or no program", iut.command.front()));
    }
    ::signal(SIGPIPE,
             SIG_IGN);  // a write to an adapter that has ended must fail, not end the suite
    try {
      launched_ =
          launch(program, {iut.command.begin() + 1, iut.command.end()}, environment_of(iut, mark_));
    } catch (const std::system_error& error) {
      throw std::runtime_error(fmt::format("{}: {}", program, error.code().message()));
    }
  }

  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process() {
    close_output(launched_.out);
    close_output(launched_.err);
    if (process_) return;  // ends it, if it runs
    ::kill(-launched_.pid, SIGKILL);
    ::waitpid(launched_.pid, nullptr, 0);
    if (!in_.is_open()) ::close(launched_.in);
  }

  // Asynchronous operations need shared_from_this, which the constructor has not; and who throws
  // here is destroyed.
  void begin() {
    in_.assign(launched_.in);
    process_.emplace(context_.get_executor(), launched_.pid);
    outputs_.add(launched_.out, [this] { read_out(); });
    outputs_.add(launched_.err, [this] { read_err(); });
    process_->async_wait([self = shared_from_this()](error_code error, int) {
      self->exited_ = true;
      if (!error) self->status_ = self->process_->native_exit_code();
    });
  }

  void send(const nlohmann::json& message) { send_line(json_line(message)); }

  // Mostly the pipe takes all of it at once.
  void send_line(std::string line) {
    line += '\n';
    if (unsent_.empty() && !in_ended_) {
      const ssize_t put = ::write(in_.native_handle(), line.data(), line.size());
      if (put < 0 && errno != EAGAIN && errno != EINTR) {
        in_ended_ = true;
        return;
      }
      if (put > 0) line.erase(0, static_cast<std::size_t>(put));
      if (line.empty()) return;
    }
    unsent_.push_back(std::move(line));
    if (unsent_.size() == 1) write_out();
  }

  bool spoke() {
    outputs_.take(std::chrono::milliseconds::zero());
    return !inbox_.empty() || broken_ || ended();
  }

  bool has_spoken() const {
    int octets = 0;
    return !inbox_.empty() || (::ioctl(launched_.out, FIONREAD, &octets) == 0 && octets > 0);
  }

  std::optional<Breakdown> how_it_ended() {
    poll();
    return ended() || is_ending(launched_.pid) ? std::optional(ending()) : std::nullopt;
  }

  Adapter::Received receive(Clock::time_point deadline) {
    std::optional<Lateness> lateness;
    while (inbox_.empty() && !broken_) {
      if (ended()) {
        poll();  // what it wrote before it ended may still be in the pipe
        if (inbox_.empty() && !broken_) return ending();
        break;
      }
      const Clock::time_point now = Clock::now();
      if (now >= deadline) {
        if (!lateness) lateness.emplace(launched_.pid);
        const bool is_excused = lateness->is_excused();
        poll();  // what came while the suite itself was held up, or looked, is no silence
        if (!inbox_.empty() || broken_) break;
        if (!is_excused) return silence();
        deadline = Clock::now() + kLookout;
      }
      deadline += listen_until(deadline, now);
    }
    if (!inbox_.empty()) return take();
    // What it said on standard error before may still be in that pipe; a flood of it is not
    // awaited.
    for (int i = 0; i < 16 && poll_one(); ++i) {
    }
    return Breakdown{broken_->kind, with_stderr(broken_->detail)};
  }

  Breakdown stop(Clock::time_point deadline) {
    if (stopped_) return *end_;
    stopped_ = true;
    error_code ignored;
    in_.close(ignored);
    while (!exited_ && Clock::now() < deadline) run_one_until(deadline);
    const bool by_itself = exited_;
    ::kill(-launched_.pid, SIGKILL);  // children it left behind, or itself
    while (!exited_) run_one_until(Clock::time_point::max());
    end_marked(mark_);
    poll();  // its last words
    observer_ = nullptr;
    close_output(launched_.out);
    close_output(launched_.err);
    poll();
    end_ = by_itself ? end_of_process()
                     : Breakdown{Breakdown::Kind::kSilent,
                                 with_stderr(name_ + " did not exit when its standard input "
                                                     "ended, and was killed")};
    return *end_;
  }

  void observe_stderr(Adapter::StderrObserver observer) {
    observer_ = std::move(observer);
    observed_ = 0;
  }
  int pid() const { return launched_.pid; }
  const std::string& name() const { return name_; }

 private:
  // Each tells how long the suite itself stood still in it, be it halted or the machine: nothing of
  // its adapters ran then either.
  Clock::duration run_one_until(Clock::time_point deadline) {
    const Clock::time_point soon = std::min(deadline, Clock::now() + kLookout);
    // A context that ran out of work stays stopped until it is told otherwise.
    if (context_.stopped()) context_.restart();
    context_.run_one_until(soon);
    return stood_still_since(soon);
  }

  // Where all is sent, what it writes is all that can come: its standard output ends no later than
  // it does, unless it gave that to another, which is looked for after each lookout.
  Clock::duration listen_until(Clock::time_point deadline, Clock::time_point now) {
    if (!unsent_.empty()) return run_one_until(deadline);
    const Clock::time_point soon = std::min(deadline, now + kLookout);
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(soon - now);
    if (!outputs_.take(std::max(left, std::chrono::milliseconds::zero()))) poll();
    return inbox_.empty() ? stood_still_since(soon) : Clock::duration::zero();
  }

  static Clock::duration stood_still_since(Clock::time_point soon) {
    const Clock::duration late = Clock::now() - soon;
    return late > kLookout ? late : Clock::duration::zero();
  }

  void poll() {
    if (context_.stopped()) context_.restart();
    context_.poll();
  }

  bool poll_one() {
    if (context_.stopped()) context_.restart();
    return context_.poll_one() > 0;
  }

  // Its end counts once nothing can come from it any more: no later than its exit.
  bool ended() const { return exited_ || out_ended_ || in_ended_; }

  bool reads_no_more() {
    pollfd pipe{in_.native_handle(), 0, 0};
    return ::poll(&pipe, 1, 0) == 1 && (pipe.revents & POLLERR) != 0;
  }

  Breakdown silence() {
    if (!partial_.empty()) {
      return {Breakdown::Kind::kGarbage,
              with_stderr(name_ + " did not finish its line: " + show_octets(partial_))};
    }
    if (reads_no_more()) {
      return {Breakdown::Kind::kExited, with_stderr(name_ + " closed its standard input")};
    }
    const bool stopped = state_of(launched_.pid) == 'T';
    return {Breakdown::Kind::kSilent,
            with_stderr(name_ + (stopped ? " is stopped and" : "") + " said nothing")};
  }

  Breakdown ending() {
    const Clock::time_point soon = Clock::now() + std::chrono::seconds(1);
    while (!exited_ && Clock::now() < soon) run_one_until(soon);
    poll();
    if (!exited_) {
      return {Breakdown::Kind::kExited,
              with_stderr(name_ + " closed its standard " + (out_ended_ ? "output" : "input"))};
    }
    return end_of_process();
  }

  Breakdown end_of_process() const {
    if (WIFSIGNALED(status_)) {
      return {Breakdown::Kind::kCrashed,
              with_stderr(fmt::format("{} was ended by signal {} ({})", name_, WTERMSIG(status_),
                                      ::strsignal(WTERMSIG(status_))))};
    }
    return {Breakdown::Kind::kExited,
            with_stderr(fmt::format("{} exited with status {}", name_, WEXITSTATUS(status_)))};
  }

  std::string with_stderr(std::string sentence) const {
    const std::string last = last_words_.text();
    if (!last.empty()) sentence += "; its standard error ends: " + last;
    return sentence;
  }

  Message take() {
    Message message = std::move(inbox_.front());
    waiting_ -= message.line.size();
    inbox_.pop_front();
    return message;
  }

  void garbage(const std::string& what, const std::string& line) {
    if (broken_) return;
    broken_ = Breakdown{Breakdown::Kind::kGarbage,
                        fmt::format("{} {}: {}", name_, what, show_octets(line))};
  }

  void take_line(std::string line) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (broken_) return;
    if (line.size() > kLongestLine) {
      garbage("wrote a line of more than 1 MiB", line);
      return;
    }
    nlohmann::json message;
    const std::string wrong = parse_line(line, message);
    if (!wrong.empty()) {
      garbage(wrong, line);
    } else if (inbox_.size() >= kMostMessages || waiting_ + line.size() > kMostWaiting) {
      garbage("floods: thousands of messages nobody asked for, the latest", line);
    } else {
      waiting_ += line.size();
      inbox_.push_back({Clock::now(), std::move(message), std::move(line)});
    }
  }

  void read_out() {
    const std::optional<std::string_view> chunk = next_of(launched_.out);
    if (!chunk) {
      out_ended_ = true;
      if (!partial_.empty() && !stopped_) garbage("ended in the middle of a line", partial_);
    } else {
      split(*chunk);
    }
    if (out_ended_ || broken_) outputs_.forget(launched_.out);
  }

  // Nothing at its end. Valid until the next call.
  std::optional<std::string_view> next_of(int output) {
    const ssize_t got = ::read(output, chunk_.data(), chunk_.size());
    if (got > 0) return std::string_view(chunk_.data(), static_cast<std::size_t>(got));
    const bool is_not_yet = got < 0 && (errno == EAGAIN || errno == EINTR);
    return is_not_yet ? std::optional(std::string_view()) : std::nullopt;
  }

  void close_output(int& output) {
    if (output < 0) return;
    outputs_.forget(output);
    ::close(std::exchange(output, -1));
  }

  void split(std::string_view chunk) {
    std::size_t begin = 0;
    for (std::size_t end = chunk.find('\n'); end != chunk.npos; end = chunk.find('\n', begin)) {
      partial_.append(chunk.substr(begin, end - begin));
      take_line(std::move(partial_));
      partial_.clear();
      begin = end + 1;
    }
    partial_.append(chunk.substr(begin));
    if (partial_.size() > kLongestLine) garbage("wrote a line of more than 1 MiB", partial_);
  }

  void read_err() {
    const std::optional<std::string_view> chunk = next_of(launched_.err);
    if (!chunk) {
      outputs_.forget(launched_.err);
    } else if (!chunk->empty()) {
      tell_observer(*chunk);
      last_words_.add(*chunk);
    }
  }

  void tell_observer(std::string_view text) {
    if (!observer_ || observed_ > kMostStderr) return;
    const std::string_view told = text.substr(0, kMostStderr - observed_);
    if (!told.empty()) observer_(Clock::now(), std::string(told));
    observed_ += text.size();
    if (observed_ > kMostStderr) observer_(Clock::now(), "\n(and more, which is left out)\n");
  }

  void write_out() {
    asio::async_write(in_, asio::buffer(unsent_.front()),
                      [self = shared_from_this()](error_code error, std::size_t) {
                        if (error) {
                          self->unsent_.clear();
                          self->in_ended_ = true;
                          return;
                        }
                        self->unsent_.pop_front();
                        if (!self->unsent_.empty()) self->write_out();
                      });
  }

  asio::io_context& context_;
  std::string name_;
  std::string mark_;  // NAME=VALUE in the environment of everything that it starts
  Outputs& outputs_;
  Launched launched_;
  asio::writable_pipe in_;
  std::optional<bp::process> process_;
  int status_ = 0;  // as waitpid gives it
  bool exited_ = false;
  bool out_ended_ = false;
  bool in_ended_ = false;  // it reads no more
  bool stopped_ = false;
  std::array<char, 65536> chunk_{};  // of either output
  std::string partial_;              // the beginning of a line whose end has not come
  LastWords last_words_;
  std::deque<std::string> unsent_;
  std::size_t observed_ = 0;  // octets of stderr that the observer was told of
  std::deque<Message> inbox_;
  std::size_t waiting_ = 0;  // octets, of the inbox's lines
  std::optional<Breakdown> broken_;
  std::optional<Breakdown> end_;
  Adapter::StderrObserver observer_;
};

Adapter::Adapter(boost::asio::io_context& context, const Iut& iut)
    : process_(std::make_shared<Process>(context, iut)) {
  process_->begin();
}

Adapter::~Adapter() {
  process_->stop(Clock::now());
}

void Adapter::observe_stderr(StderrObserver observer) {
  process_->observe_stderr(std::move(observer));
}
void Adapter::send(const nlohmann::json& message) {
  process_->send(message);
}
Adapter::Received Adapter::receive(Clock::time_point deadline) {
  return process_->receive(deadline);
}
bool Adapter::spoke() {
  return process_->spoke();
}
bool Adapter::has_spoken() {
  return process_->has_spoken();
}
std::optional<Breakdown> Adapter::ended() {
  return process_->how_it_ended();
}
void Adapter::send_line(std::string line) {
  process_->send_line(std::move(line));
}
Breakdown Adapter::stop(Clock::time_point deadline) {
  return process_->stop(deadline);
}
const std::string& Adapter::name() const {
  return process_->name();
}
int Adapter::pid() const {
  return process_->pid();
}

}  // namespace ws2conform::host
