// Does to files what its arguments say, then dies: what the shim is tested
// with. Exit code 1 when a step fails, with its errno on stdout.
//
//   make:F:TEXT  append:F:TEXT  overwrite:F:TEXT  empty:F  cut:F:LENGTH
//   sync:F  range:F  rename:F:G  unlink:F  mkdir:D  map:F  stream:F:TEXT
//   keep:F:TEXT (services/common/kept_file.h)
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "services/common/kept_file.h"

namespace {

constexpr mode_t kMode = 0644;

std::vector<std::string> Split(const std::string& step) {
  std::vector<std::string> words(1);
  for (const char c : step) {
    if (c == ':') {
      words.emplace_back();
    } else {
      words.back() += c;
    }
  }
  words.resize(3);
  return words;
}

bool WriteTo(const std::string& path, int flags, const std::string& text) {
  const int fd = open(path.c_str(), flags, kMode);
  if (fd < 0) return false;
  const bool written =
      write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  const int error = errno;
  close(fd);
  errno = error;
  return written;
}

template <typename Use>
bool WithFile(const std::string& path, int flags, const Use& use) {
  const int fd = open(path.c_str(), flags);
  if (fd < 0) return false;
  const bool done = use(fd);
  const int error = errno;
  close(fd);
  errno = error;
  return done;
}

bool Map(const std::string& path) {
  return WithFile(path, O_RDWR, [](int fd) {
    void* page = mmap(nullptr, 1, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    return page != MAP_FAILED;
  });
}

bool Do(const std::vector<std::string>& words) {
  const std::string& what = words[0];
  const std::string& path = words[1];
  const std::string& text = words[2];
  if (what == "make") return WriteTo(path, O_WRONLY | O_CREAT | O_EXCL, text);
  if (what == "append") return WriteTo(path, O_WRONLY | O_APPEND, text);
  if (what == "overwrite") return WriteTo(path, O_WRONLY, text);
  if (what == "empty") return WriteTo(path, O_WRONLY | O_TRUNC, "");
  if (what == "stream") {
    std::ofstream stream(path);
    stream << text;
    return stream.good();
  }
  if (what == "cut") {
    return WithFile(path, O_WRONLY, [&](int fd) {
      return ftruncate(fd, std::atol(text.c_str())) == 0;
    });
  }
  if (what == "sync") {
    return WithFile(path, O_RDONLY, [](int fd) { return fsync(fd) == 0; });
  }
  if (what == "range") {
    return WithFile(path, O_WRONLY, [](int fd) {
      return sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WRITE) == 0;
    });
  }
  if (what == "rename") return rename(path.c_str(), text.c_str()) == 0;
  if (what == "unlink") return unlink(path.c_str()) == 0;
  if (what == "keep") return dataip::services::KeptFile(path).Write(text).ok();
  if (what == "mkdir") return mkdir(path.c_str(), 0755) == 0;
  return what == "map" && Map(path);
}

}  // namespace

int main(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    if (Do(Split(argv[i]))) continue;
    std::printf("%d\n", errno);
    return 1;
  }
  raise(SIGKILL);
}
