#include "conformance/doctor/patient.hpp"

#include <fmt/format.h>

namespace ws2conform::doctor {

using nlohmann::json;

std::string cut(const std::string& text, std::size_t longest) {
  if (text.size() <= longest) return text;
  return fmt::format("{}... ({} octets)", text.substr(0, longest), text.size());
}

std::string Answer::text() const {
  if (!broke.empty()) return broke;
  return cut(body.dump(-1, ' ', false, json::error_handler_t::replace));
}

Patient::Patient(boost::asio::io_context& context, const host::Iut& iut, const Patience& patience)
    : patience_(patience) {
  const std::vector<std::string> missing = host::missing_programs(iut);
  if (!missing.empty()) {
    throw CannotDrive(fmt::format("{}: {} is not installed{}", iut.file, fmt::join(missing, ", "),
                                  iut.install.empty() ? "" : " (" + iut.install + ")"));
  }
  try {
    adapter_ = std::make_unique<host::Adapter>(context, iut);
  } catch (const std::runtime_error& error) {
    throw CannotDrive(fmt::format("{}: its adapter cannot be started: {}", iut.file, error.what()));
  }
  adapter_->observe_stderr(
      [this](host::Clock::time_point, const std::string& text) { stderr_ += text; });
  hello_ = next(patience.start);
}

std::string Patient::send(json request) {
  request["id"] = ++id_;
  adapter_->send(request);
  return sent_ = cut(request.dump());
}

std::string Patient::send_line(const std::string& line) {
  adapter_->send_line(line);
  return sent_ = cut(line);
}

Answer Patient::next() {
  return next(patience_.call);
}

Answer Patient::next(std::chrono::milliseconds patience) {
  const host::Clock::time_point start = host::Clock::now();
  Answer answer;
  auto received = adapter_->receive(start + patience);
  answer.took = host::Clock::now() - start;
  if (const auto* breakdown = std::get_if<host::Breakdown>(&received)) {
    answer.broke = fmt::format("{}: {}", to_string(breakdown->kind), breakdown->detail);
    broken_ = true;
  } else {
    answer.body = std::move(std::get<host::Message>(received).body);
  }
  return answer;
}

Answer Patient::ask(json request) {
  if (broken_) return {nullptr, "it was broken already", {}};
  send(std::move(request));
  return next();
}

Answer Patient::end() {
  const host::Clock::time_point start = host::Clock::now();
  Answer answer;
  const auto ended = adapter_->stop(start + patience_.stop);
  answer.took = host::Clock::now() - start;
  answer.broke = ended.detail;
  if (ended.kind == host::Breakdown::Kind::kExited) answer.body = json::object();
  broken_ = true;
  return answer;
}

}  // namespace ws2conform::doctor
