// The shim's calls on open files: writing, cutting, syncing.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/uio.h>

#include "tests/support/shim_call.h"

namespace dataip::shim {
namespace {

// From where on a write(2) would overwrite.
uint64_t OffsetOf(int fd, const struct stat& file) {
  if ((fcntl(fd, F_GETFL) & O_APPEND) != 0) {
    return static_cast<uint64_t>(file.st_size);
  }
  const off_t at = lseek(fd, 0, SEEK_CUR);
  return at < 0 ? 0 : static_cast<uint64_t>(at);
}

void SyncedByFlag(Record& record, int fd) {
  if ((fcntl(fd, F_GETFL) & O_DSYNC) == 0) return;
  struct stat now {};
  if (record.no_sync() || fstat(fd, &now) != 0) return;
  record.Synced(now, static_cast<uint64_t>(now.st_size));
}

// Makes a call on an open file; one of the tree's by `act`, which is told what
// the file was before.
template <typename Make, typename Act>
auto OnFile(Call call, int fd, const Make& make, const Act& act)
    -> decltype(make()) {
  Record* const record = Recording();
  struct stat file {};
  if (record == nullptr) return make();
  const Inside guard;
  if (!record->Tracks(fd, &file)) return make();
  return Through(
      *record, call, [&] { return KindOf(NameOf(fd), S_ISDIR(file.st_mode)); },
      [&] { return act(*record, file); });
}

void Preserve(Record& record, const struct stat& file, uint64_t from) {
  const auto lock = record.Lock();
  record.Preserve(file.st_ino, from);
}

// Any call that puts bytes into a file. A negative offset is the file's own.
template <typename Make>
ssize_t Writing(int fd, off_t offset, const Make& make) {
  return OnFile(Call::kWrite, fd, make,
                [&](Record& record, const struct stat& file) -> ssize_t {
                  Preserve(record, file,
                           offset < 0 ? OffsetOf(fd, file)
                                      : static_cast<uint64_t>(offset));
                  const ssize_t result = make();
                  if (result > 0) SyncedByFlag(record, fd);
                  return result;
                });
}

template <typename Make>
int Syncing(Call call, int fd, const Make& make) {
  return OnFile(call, fd, make,
                [&](Record& record, const struct stat& file) -> int {
                  if (record.no_sync()) return 0;
                  const uint64_t covered = record.SyncBegins(file);
                  const int result = make();
                  if (result == 0) record.Synced(file, covered);
                  return result;
                });
}

template <typename Make>
int Cutting(int fd, off_t bytes, const Make& make) {
  return OnFile(Call::kTruncate, fd, make,
                [&](Record& record, const struct stat& file) -> int {
                  const auto lock = record.Lock();
                  record.Preserve(file.st_ino, static_cast<uint64_t>(bytes));
                  return make();
                });
}

template <typename Make>
int Allocating(int fd, int mode, off_t offset, const Make& make) {
  return OnFile(Call::kAllocate, fd, make,
                [&](Record& record, const struct stat& file) -> int {
                  if ((mode & ~FALLOC_FL_KEEP_SIZE) != 0) {
                    Preserve(record, file, static_cast<uint64_t>(offset));
                  }
                  return make();
                });
}

// A heap asks for memory by mmap while it holds its lock, before main too: the
// record, which needs memory itself, is not looked at then.
void* Mapping(void* result, int fd, int protection, int flags) {
  if (fd < 0) return result;
  Record* const record = Recording();
  struct stat file {};
  if (record == nullptr) return result;
  const Inside guard;
  if (record->Tracks(fd, &file) && (flags & MAP_SHARED) != 0 &&
      (protection & PROT_WRITE) != 0) {
    record->Escaped("mmap " + NameOf(fd));
  }
  return result;
}

void Everything(const char* call) {
  Record* const record = Recording();
  if (record == nullptr) return;
  const Inside guard;
  record->Escaped(call);
}

}  // namespace

// NOLINTBEGIN(readability-identifier-naming): the names are the C library's.
extern "C" {

ssize_t write(int fd, const void* bytes, size_t count) {
  static auto* const real = Real<decltype(::write)>("write");
  return Writing(fd, -1, [&] { return real(fd, bytes, count); });
}

ssize_t pwrite(int fd, const void* bytes, size_t count, off_t offset) {
  static auto* const real = Real<decltype(::pwrite)>("pwrite");
  return Writing(fd, offset, [&] { return real(fd, bytes, count, offset); });
}

ssize_t pwrite64(int fd, const void* bytes, size_t count, off64_t offset) {
  static auto* const real = Real<decltype(::pwrite64)>("pwrite64");
  return Writing(fd, offset, [&] { return real(fd, bytes, count, offset); });
}

ssize_t writev(int fd, const iovec* parts, int count) {
  static auto* const real = Real<decltype(::writev)>("writev");
  return Writing(fd, -1, [&] { return real(fd, parts, count); });
}

ssize_t pwritev(int fd, const iovec* parts, int count, off_t offset) {
  static auto* const real = Real<decltype(::pwritev)>("pwritev");
  return Writing(fd, offset, [&] { return real(fd, parts, count, offset); });
}

ssize_t pwritev64(int fd, const iovec* parts, int count, off64_t offset) {
  static auto* const real = Real<decltype(::pwritev64)>("pwritev64");
  return Writing(fd, offset, [&] { return real(fd, parts, count, offset); });
}

ssize_t copy_file_range(int from, off64_t* from_at, int to, off64_t* to_at,
                        size_t count, unsigned flags) {
  static auto* const real =
      Real<decltype(::copy_file_range)>("copy_file_range");
  return Writing(to, to_at == nullptr ? -1 : *to_at,
                 [&] { return real(from, from_at, to, to_at, count, flags); });
}

ssize_t sendfile(int to, int from, off_t* from_at, size_t count) {
  using Function = ssize_t(int, int, off_t*, size_t);
  static auto* const real = Real<Function>("sendfile");
  return Writing(to, -1, [&] { return real(to, from, from_at, count); });
}

int fsync(int fd) {
  static auto* const real = Real<decltype(::fsync)>("fsync");
  return Syncing(Call::kFsync, fd, [&] { return real(fd); });
}

int fdatasync(int fd) {
  static auto* const real = Real<decltype(::fdatasync)>("fdatasync");
  return Syncing(Call::kFdatasync, fd, [&] { return real(fd); });
}

// Starts writing back and promises nothing: it is not recorded.
int sync_file_range(int fd, off64_t offset, off64_t count, unsigned flags) {
  static auto* const real =
      Real<decltype(::sync_file_range)>("sync_file_range");
  Record* const record = Recording();
  struct stat file {};
  const auto make = [&] { return real(fd, offset, count, flags); };
  if (record == nullptr) return make();
  const Inside guard;
  if (!record->Tracks(fd, &file)) return make();
  return Through(
      *record, Call::kSyncRange, [fd] { return KindOf(NameOf(fd), false); },
      make);
}

int ftruncate(int fd, off_t bytes) noexcept {
  static auto* const real = Real<int(int, off_t)>("ftruncate");
  return Cutting(fd, bytes, [&] { return real(fd, bytes); });
}

int ftruncate64(int fd, off64_t bytes) noexcept {
  static auto* const real = Real<int(int, off64_t)>("ftruncate64");
  return Cutting(fd, bytes, [&] { return real(fd, bytes); });
}

int fallocate(int fd, int mode, off_t offset, off_t count) {
  static auto* const real = Real<decltype(::fallocate)>("fallocate");
  return Allocating(fd, mode, offset,
                    [&] { return real(fd, mode, offset, count); });
}

int fallocate64(int fd, int mode, off64_t offset, off64_t count) {
  static auto* const real = Real<decltype(::fallocate64)>("fallocate64");
  return Allocating(fd, mode, offset,
                    [&] { return real(fd, mode, offset, count); });
}

void* mmap(void* at, size_t bytes, int protection, int flags, int fd,
           off_t offset) noexcept {
  using Function = void*(void*, size_t, int, int, int, off_t);
  static auto* const real = Real<Function>("mmap");
  return Mapping(real(at, bytes, protection, flags, fd, offset), fd, protection,
                 flags);
}

void* mmap64(void* at, size_t bytes, int protection, int flags, int fd,
             off64_t offset) noexcept {
  using Function = void*(void*, size_t, int, int, int, off64_t);
  static auto* const real = Real<Function>("mmap64");
  return Mapping(real(at, bytes, protection, flags, fd, offset), fd, protection,
                 flags);
}

// More than the record could say; nothing of ours calls them.
void sync() noexcept {
  static auto* const real = Real<void()>("sync");
  Everything("sync");
  real();
}

int syncfs(int fd) noexcept {
  static auto* const real = Real<int(int)>("syncfs");
  Everything("syncfs");
  return real(fd);
}

}  // extern "C"
// NOLINTEND(readability-identifier-naming)

}  // namespace dataip::shim
