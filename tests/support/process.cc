#include "tests/support/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "core/base/status_macros.h"

namespace dataip::test {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kTimedOutExitCode = 124;
constexpr int kSignalExitCode = 128;
constexpr int kCannotExecExitCode = 127;

int LeftMs(Clock::time_point deadline) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
      deadline - Clock::now());
  return static_cast<int>(std::max<int64_t>(0, left.count()));
}

std::string ProgramPath(const std::string& program) {
  if (program.find('/') != std::string::npos) return program;
  const char* folder = std::getenv("DATAIP_BIN_DIR");
  const std::string built =
      std::string(folder == nullptr ? DATAIP_BIN_DIR : folder) + "/" + program;
  return access(built.c_str(), X_OK) == 0 ? built : program;
}

std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

// The settings of whoever runs the tests, a profile of theirs for example, are
// not meant for the programs under test.
bool IsSetting(const std::string& name) {
  return name.rfind("DATAIP_", 0) == 0 && name != "DATAIP_BIN_DIR=";
}

std::vector<std::string> EnvironmentOf(const Command& command) {
  std::vector<std::string> environment;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    const std::string name = text.substr(0, text.find('=') + 1);
    const bool replaced = std::any_of(
        command.environment.begin(), command.environment.end(),
        [&](const std::string& added) { return added.rfind(name, 0) == 0; });
    if (!replaced && !IsSetting(name)) environment.push_back(text);
  }
  environment.insert(environment.end(), command.environment.begin(),
                     command.environment.end());
  return environment;
}

// Everything is prepared before fork: the child of a process with threads may
// only call what is safe in a signal handler.
pid_t Spawn(const Command& command, int out_fd, int err_fd) {
  std::vector<std::string> arguments = {ProgramPath(command.program)};
  arguments.insert(arguments.end(), command.arguments.begin(),
                   command.arguments.end());
  std::vector<std::string> environment = EnvironmentOf(command);
  const std::vector<char*> argv = Pointers(arguments);
  const std::vector<char*> envp = Pointers(environment);
  const int in_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
  const pid_t pid = fork();
  DATAIP_ASSERT(pid >= 0);
  if (pid == 0) {
    dup2(in_fd, STDIN_FILENO);
    dup2(out_fd, STDOUT_FILENO);
    dup2(err_fd, STDERR_FILENO);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    if (!command.directory.empty() && chdir(command.directory.c_str()) != 0) {
      _exit(kCannotExecExitCode);
    }
    execvpe(argv[0], argv.data(), envp.data());
    _exit(kCannotExecExitCode);
  }
  close(in_fd);
  return pid;
}

int ExitCodeOf(int status) {
  return WIFSIGNALED(status) ? kSignalExitCode + WTERMSIG(status)
                             : WEXITSTATUS(status);
}

std::string TemporaryFolder() {
  const char* folder = std::getenv("TMPDIR");
  return folder == nullptr ? "/tmp" : folder;
}

}  // namespace

TempDir::TempDir() : path_(TemporaryFolder() + "/dataip-test-XXXXXX") {
  DATAIP_ASSERT(mkdtemp(path_.data()) != nullptr);
}

TempDir::~TempDir() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  DATAIP_ASSERT(file.is_open());
  return {std::istreambuf_iterator<char>(file),
          std::istreambuf_iterator<char>()};
}

void WriteFile(const std::string& path, const std::string& content) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << content;
  file.close();
  DATAIP_ASSERT(file.good());
}

Ended Run(const Command& command, std::chrono::milliseconds timeout) {
  TempDir dir;
  const std::string out_path = dir / "out";
  const std::string err_path = dir / "err";
  const int flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC;
  const int out_fd = open(out_path.c_str(), flags, 0600);
  const int err_fd = open(err_path.c_str(), flags, 0600);
  DATAIP_ASSERT(out_fd >= 0 && err_fd >= 0);
  const pid_t pid = Spawn(command, out_fd, err_fd);
  close(out_fd);
  close(err_fd);
  const int pidfd = static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
  DATAIP_ASSERT(pidfd >= 0);
  pollfd waited{.fd = pidfd, .events = POLLIN, .revents = 0};
  const bool in_time = poll(&waited, 1, static_cast<int>(timeout.count())) > 0;
  if (!in_time) kill(pid, SIGKILL);
  int status = 0;
  waitpid(pid, &status, 0);
  close(pidfd);
  Ended ended;
  ended.exit_code = in_time ? ExitCodeOf(status) : kTimedOutExitCode;
  ended.out = ReadFile(out_path);
  ended.err = ReadFile(err_path);
  return ended;
}

std::unique_ptr<Process> Process::Start(const Command& command) {
  std::unique_ptr<Process> process(new Process);
  process->err_path_ = TemporaryFolder() + "/dataip-test-err-XXXXXX";
  const int err_fd = mkostemp(process->err_path_.data(), O_CLOEXEC | O_APPEND);
  DATAIP_ASSERT(err_fd >= 0);
  int out[2];
  DATAIP_ASSERT(pipe2(out, O_CLOEXEC) == 0);
  process->pid_ = Spawn(command, out[1], err_fd);
  close(out[1]);
  close(err_fd);
  process->out_fd_ = out[0];
  process->pidfd_ = static_cast<int>(syscall(SYS_pidfd_open, process->pid_, 0));
  DATAIP_ASSERT(process->pidfd_ >= 0);
  return process;
}

Process::~Process() {
  Kill();
  close(out_fd_);
  close(pidfd_);
  std::error_code ignored;
  std::filesystem::remove(err_path_, ignored);
}

std::optional<std::string> Process::ReadLine(
    std::chrono::milliseconds timeout) {
  const auto deadline = Clock::now() + timeout;
  while (true) {
    if (const size_t end = buffered_.find('\n'); end != std::string::npos) {
      std::string line = buffered_.substr(0, end);
      buffered_.erase(0, end + 1);
      return line;
    }
    pollfd waited{.fd = out_fd_, .events = POLLIN, .revents = 0};
    if (poll(&waited, 1, LeftMs(deadline)) <= 0) return std::nullopt;
    char bytes[4096];
    const ssize_t count = read(out_fd_, bytes, sizeof(bytes));
    if (count <= 0) return std::nullopt;
    buffered_.append(bytes, static_cast<size_t>(count));
  }
}

std::optional<std::string> Process::WaitForAddress(
    std::chrono::milliseconds timeout) {
  static constexpr char kPrefix[] = "listening on ";
  const auto deadline = Clock::now() + timeout;
  while (true) {
    const auto line = ReadLine(std::chrono::milliseconds(LeftMs(deadline)));
    if (!line.has_value()) return std::nullopt;
    if (line->rfind(kPrefix, 0) == 0) {
      return line->substr(sizeof(kPrefix) - 1);
    }
  }
}

void Process::Signal(int signal) {
  if (!exit_code_.has_value()) kill(pid_, signal);
}

std::optional<int> Process::WaitForExit(std::chrono::milliseconds timeout) {
  if (exit_code_.has_value()) return exit_code_;
  pollfd waited{.fd = pidfd_, .events = POLLIN, .revents = 0};
  if (poll(&waited, 1, static_cast<int>(timeout.count())) <= 0) {
    return std::nullopt;
  }
  int status = 0;
  waitpid(pid_, &status, 0);
  exit_code_ = ExitCodeOf(status);
  return exit_code_;
}

std::optional<int> Process::Stop() {
  Signal(SIGTERM);
  return WaitForExit();
}

void Process::Kill() {
  Signal(SIGKILL);
  WaitForExit();
}

std::string Process::err() const { return ReadFile(err_path_); }

}  // namespace dataip::test
