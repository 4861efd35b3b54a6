// How the shim stands between a program and the C library: the real
// functions, the record, and the fault that a test has ordered.
#pragma once

#include <dlfcn.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "tests/support/shim_record.h"

namespace dataip::shim {

// Calls that the record itself makes pass straight through.
inline thread_local bool inside = false;

class Inside {
 public:
  Inside() : before_(inside) { inside = true; }
  ~Inside() { inside = before_; }
  Inside(const Inside&) = delete;
  Inside& operator=(const Inside&) = delete;

 private:
  const bool before_;
};

// The next definition of the function; a missing one ends the process.
template <typename Function>
Function* Real(const char* name) {
  auto* found = reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
  if (found == nullptr) abort();
  return found;
}

// Null inside the record, and in a program without one.
inline Record* Recording() {
  if (inside) return nullptr;
  const Inside guard;
  return Record::Get();
}

inline std::string NameOf(int fd) {
  const std::string link = "/proc/self/fd/" + std::to_string(fd);
  char path[4096];
  const ssize_t bytes = readlink(link.c_str(), path, sizeof(path));
  if (bytes <= 0) return "";
  const std::string text(path, static_cast<size_t>(bytes));
  return text.substr(text.rfind('/') + 1);
}

[[noreturn]] inline void Perish() {
  kill(getpid(), SIGKILL);
  while (true) pause();
}

struct Fault {
  bool fires = false;
  bool execute = false;
  int error = 0;
};

// Counts the call, and says whether it is the one that fails.
template <typename KindOfCall>
Fault Meet(Record& record, Call call, const KindOfCall& kind_of) {
  Control& control = record.control();
  control.calls.fetch_add(1);
  if (control.counting.load() != 0) {
    const auto kind = static_cast<size_t>(kind_of());
    control.seen[static_cast<size_t>(call)][kind].fetch_add(1);
  }
  uint64_t left = control.calls_to_live.load();
  while (left > 0 &&
         !control.calls_to_live.compare_exchange_weak(left, left - 1)) {
  }
  if (left == 1) Perish();
  if (control.armed.load() == 0 || control.call != call ||
      control.kind != kind_of() || control.armed.exchange(0) == 0) {
    return {};
  }
  control.fired.store(1);
  return {true, control.execute != 0, control.error};
}

// Makes the call, unless it is the one that fails. `undo` takes back what a
// caller who sees an error cannot: the descriptor of an open.
template <typename KindOfCall, typename Make, typename Undo>
auto Through(Record& record, Call call, const KindOfCall& kind_of,
             const Make& make, const Undo& undo) -> decltype(make()) {
  const Fault fault = Meet(record, call, kind_of);
  if (!fault.fires) return make();
  if (fault.execute) {
    const auto result = make();
    if (result >= 0) undo(result);
  }
  if (fault.error == 0) Perish();
  errno = fault.error;
  return -1;
}

template <typename KindOfCall, typename Make>
auto Through(Record& record, Call call, const KindOfCall& kind_of,
             const Make& make) -> decltype(make()) {
  return Through(record, call, kind_of, make, [](auto) {});
}

}  // namespace dataip::shim
