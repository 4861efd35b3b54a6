// Starting real programs from tests, and temporary folders. Waiting is done
// on pipes and pidfds, never by sleeping.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace dataip::test {

// A fresh folder under $TMPDIR, removed with all that is in it.
class TempDir {
 public:
  TempDir();
  ~TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;

  const std::string& path() const { return path_; }
  std::string operator/(const std::string& name) const {
    return path_ + "/" + name;
  }

 private:
  std::string path_;
};

// Whole files; the test fails (abort) when they cannot be read or written.
std::string ReadFile(const std::string& path);
void WriteFile(const std::string& path, const std::string& content);

struct Command {
  std::string program;  // a path, or a name in DATAIP_BIN_DIR (environment)
  std::vector<std::string> arguments;
  std::vector<std::string> environment;  // NAME=value, added to ours
  std::string directory;                 // "" = this one
};

struct Ended {
  int exit_code = -1;  // 128 + signal when killed by one
  std::string out;
  std::string err;
};

// Runs to the end with empty stdin, or kills it after `timeout` (exit code
// 124, like timeout(1)).
Ended Run(const Command& command,
          std::chrono::milliseconds timeout = std::chrono::seconds(60));

// A running program; killed with SIGKILL and waited for when destroyed.
class Process {
 public:
  // Aborts the test when the program cannot be started at all. stderr goes to
  // a file that err() reads.
  static std::unique_ptr<Process> Start(const Command& command);
  ~Process();

  pid_t pid() const { return pid_; }

  // The next line on its stdout without the LF; nothing when it closed it or
  // `timeout` passed.
  std::optional<std::string> ReadLine(
      std::chrono::milliseconds timeout = std::chrono::seconds(20));

  // Waits for `listening on ADDRESS` and returns the address; nothing when
  // the program ended or said nothing in time.
  std::optional<std::string> WaitForAddress(
      std::chrono::milliseconds timeout = std::chrono::seconds(20));

  void Signal(int signal);

  // Exit code (128 + signal), or nothing when it still runs after `timeout`.
  std::optional<int> WaitForExit(
      std::chrono::milliseconds timeout = std::chrono::seconds(20));

  // SIGTERM and WaitForExit.
  std::optional<int> Stop();
  // SIGKILL and WaitForExit.
  void Kill();

  // All of its stderr so far.
  std::string err() const;

 private:
  Process() = default;
  pid_t pid_ = -1;
  int pidfd_ = -1;
  int out_fd_ = -1;
  std::string buffered_;
  std::string err_path_;
  std::optional<int> exit_code_;
};

}  // namespace dataip::test
