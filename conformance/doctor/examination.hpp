// A full examination of an adapter: does it speak the protocol (runners/PROTOCOL.md)? For those who
// write one: says of each point what was tried, what came, what should have come and how to mend
// it. What the implementation behind it does is not judged here.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>

#include "conformance/doctor/finding.hpp"
#include "conformance/doctor/patient.hpp"

namespace ws2conform::doctor {

// What the parts of an examination share.
struct Examination {
  boost::asio::io_context& context;
  const host::Iut& iut;
  const Patience& patience;
  std::function<void(Finding)> found;  // told of each finding when it is made
  Hello hello;

  std::unique_ptr<Patient> fresh() const {
    return std::make_unique<Patient>(context, iut, patience);
  }
  bool offers(const std::string& operation) const { return hello.operations.count(operation) > 0; }
};

// Everything, in an order that puts first what explains what comes later. False when there is no
// usable hello, and so nothing else was tried. Throws CannotDrive where it cannot be started.
bool examine(Examination& examination);

// The parts. Each starts processes of its own.
bool examine_hello(Examination& examination);          // and fills examination.hello
void examine_manners(Examination& examination);        // requests that are odd, wrong, or unknown
void examine_gaps(Examination& examination);           // operations that it declares not to have
void examine_names(Examination& examination);          // names of sockets, reset
void examine_calls(Examination& examination);          // a connection's life on every provider
void examine_lanes(Examination& examination);          // several calls at once
void examine_reading_ahead(Examination& examination);  // requests before the last is answered
void examine_time_and_end(Examination& examination);   // how long answers take; the end of input

// What is wrong with `answer` as the only reply to request `id`; empty for nothing.
std::string fault_of(const Answer& answer, long long id);

// The answer as it is shown, and what is wrong with it.
std::string with(const Answer& answer, const std::string& fault);

}  // namespace ws2conform::doctor
