// The shim's calls that make, move and remove names: open, rename, unlink...
#include <fcntl.h>

#include <cstdarg>
#include <cstdio>
#include <cstring>

#include "tests/support/shim_call.h"

namespace dataip::shim {
namespace {

bool StatAt(int folder, const char* path, struct stat* found) {
  return fstatat(folder, path, found, AT_SYMLINK_NOFOLLOW) == 0;
}

Kind KindAt(const Place& place) { return KindOf(place.name, false); }

struct NameAt {
  int folder = AT_FDCWD;
  const char* path = nullptr;
};

// Makes a call on a name; one of the tree's by `act`, under the record's lock.
template <typename Make, typename Act, typename Undo>
int OnName(Call call, NameAt name, const Make& make, const Act& act,
           const Undo& undo) {
  Record* const record = Recording();
  if (record == nullptr) return make();
  const Inside guard;
  const Place place = record->PlaceOf(name.folder, name.path);
  if (!place.tracked) return make();
  return Through(
      *record, call,
      [&] { return call == Call::kMkdir ? Kind::kFolder : KindAt(place); },
      [&]() -> int {
        const auto lock = record->Lock();
        return act(*record, place);
      },
      undo);
}

template <typename Make, typename Act>
int OnName(Call call, NameAt name, const Make& make, const Act& act) {
  return OnName(call, name, make, act, [](int) {});
}

// An open that may make or empty a file; `make` answers a descriptor or -1.
template <typename Make, typename Undo>
int Opening(int folder, const char* path, int flags, const Make& make,
            const Undo& undo) {
  if ((flags & (O_CREAT | O_TRUNC)) == 0) return make();
  const auto act = [&](Record& record, const Place& place) -> int {
    struct stat before {};
    const bool existed = StatAt(folder, path, &before);
    if (existed && (flags & O_TRUNC) != 0) record.Preserve(before.st_ino, 0);
    const int fd = make();
    struct stat after {};
    if (fd >= 0 && !existed && fstat(fd, &after) == 0) {
      record.Created(place, after, fd);
    }
    return fd;
  };
  return OnName(Call::kOpen, {folder, path}, make, act, undo);
}

template <typename Make>
int Opening(int folder, const char* path, int flags, const Make& make) {
  return Opening(folder, path, flags, make, [](int fd) { close(fd); });
}

template <typename Make>
int Removing(int folder, const char* path, const Make& make) {
  return OnName(Call::kUnlink, {folder, path}, make,
                [&](Record& record, const Place& place) -> int {
                  struct stat file {};
                  const bool found = StatAt(folder, path, &file);
                  const int result = make();
                  if (result == 0 && found) record.Removed(place, file);
                  return result;
                });
}

template <typename Make>
int Renaming(NameAt from, NameAt to, const Make& make) {
  Record* const record = Recording();
  if (record == nullptr) return make();
  const Inside guard;
  const Place old_place = record->PlaceOf(from.folder, from.path);
  const Place new_place = record->PlaceOf(to.folder, to.path);
  if (!old_place.tracked && !new_place.tracked) return make();
  return Through(
      *record, Call::kRename, [&] { return KindAt(old_place); },
      [&]() -> int {
        const auto lock = record->Lock();
        struct stat file {};
        const bool found = StatAt(from.folder, from.path, &file);
        if (old_place.tracked != new_place.tracked) {
          record->Escaped("rename across the tree's edge");
        }
        const int result = make();
        if (result == 0 && found) record->Moved(old_place, new_place, file);
        return result;
      });
}

// A call that makes a name for what `made` names then.
template <typename Make>
int Making(Call call, NameAt made, NameAt name, const Make& make) {
  return OnName(call, name, make,
                [&](Record& record, const Place& place) -> int {
                  const int result = make();
                  struct stat file {};
                  if (result == 0 && StatAt(made.folder, made.path, &file)) {
                    record.Created(place, file, -1);
                  }
                  return result;
                });
}

template <typename Make>
int Linking(NameAt from, NameAt to, const Make& make) {
  return Making(Call::kLink, from, to, make);
}

template <typename Make>
int MakingFolder(int folder, const char* path, const Make& make) {
  return Making(Call::kMkdir, {folder, path}, {folder, path}, make);
}

int FlagsOf(const char* mode) {
  return std::strchr(mode, 'w') != nullptr   ? O_CREAT | O_TRUNC
         : std::strchr(mode, 'a') != nullptr ? O_CREAT
                                             : 0;
}

FILE* OpeningStream(FILE* (*real)(const char*, const char*), const char* path,
                    const char* mode) {
  FILE* stream = nullptr;
  const int fd = Opening(
      AT_FDCWD, path, FlagsOf(mode),
      [&]() -> int {
        stream = real(path, mode);
        return stream == nullptr ? -1 : fileno(stream);
      },
      [&](int) { fclose(stream); });
  return fd < 0 ? nullptr : stream;
}

// The record begins when the program does, before its first call.
__attribute__((constructor)) void Begin() { Recording(); }

}  // namespace

// NOLINTBEGIN(readability-identifier-naming): the names are the C library's.
// The mode is there only when the flags say so.
#define DATAIP_SHIM_MODE(flags)                         \
  mode_t mode = 0;                                      \
  if (((flags) & (O_CREAT | O_TMPFILE)) != 0) {         \
    va_list arguments;                                  \
    va_start(arguments, flags);                         \
    mode = static_cast<mode_t>(va_arg(arguments, int)); \
    va_end(arguments);                                  \
  }

extern "C" {

int open(const char* path, int flags, ...) {
  static auto* const real = Real<decltype(::open)>("open");
  DATAIP_SHIM_MODE(flags)
  return Opening(AT_FDCWD, path, flags,
                 [&] { return real(path, flags, mode); });
}

int open64(const char* path, int flags, ...) {
  static auto* const real = Real<decltype(::open64)>("open64");
  DATAIP_SHIM_MODE(flags)
  return Opening(AT_FDCWD, path, flags,
                 [&] { return real(path, flags, mode); });
}

int openat(int folder, const char* path, int flags, ...) {
  static auto* const real = Real<decltype(::openat)>("openat");
  DATAIP_SHIM_MODE(flags)
  return Opening(folder, path, flags,
                 [&] { return real(folder, path, flags, mode); });
}

int openat64(int folder, const char* path, int flags, ...) {
  static auto* const real = Real<decltype(::openat64)>("openat64");
  DATAIP_SHIM_MODE(flags)
  return Opening(folder, path, flags,
                 [&] { return real(folder, path, flags, mode); });
}

int creat(const char* path, mode_t mode) {
  return open(path, O_WRONLY | O_CREAT | O_TRUNC, mode);
}

int creat64(const char* path, mode_t mode) {
  return open(path, O_WRONLY | O_CREAT | O_TRUNC, mode);
}

FILE* fopen(const char* path, const char* mode) {
  static auto* const real = Real<decltype(::fopen)>("fopen");
  return OpeningStream(real, path, mode);
}

FILE* fopen64(const char* path, const char* mode) {
  static auto* const real = Real<decltype(::fopen64)>("fopen64");
  return OpeningStream(real, path, mode);
}

int unlink(const char* path) noexcept {
  static auto* const real = Real<int(const char*)>("unlink");
  return Removing(AT_FDCWD, path, [&] { return real(path); });
}

int unlinkat(int folder, const char* path, int flags) noexcept {
  static auto* const real = Real<int(int, const char*, int)>("unlinkat");
  return Removing(folder, path, [&] { return real(folder, path, flags); });
}

int rmdir(const char* path) noexcept {
  static auto* const real = Real<int(const char*)>("rmdir");
  return Removing(AT_FDCWD, path, [&] { return real(path); });
}

int remove(const char* path) noexcept {
  static auto* const real = Real<int(const char*)>("remove");
  return Removing(AT_FDCWD, path, [&] { return real(path); });
}

int rename(const char* from, const char* to) noexcept {
  static auto* const real = Real<int(const char*, const char*)>("rename");
  return Renaming({AT_FDCWD, from}, {AT_FDCWD, to},
                  [&] { return real(from, to); });
}

int renameat(int from_folder, const char* from, int to_folder,
             const char* to) noexcept {
  using Function = int(int, const char*, int, const char*);
  static auto* const real = Real<Function>("renameat");
  return Renaming({from_folder, from}, {to_folder, to},
                  [&] { return real(from_folder, from, to_folder, to); });
}

int renameat2(int from_folder, const char* from, int to_folder, const char* to,
              unsigned flags) noexcept {
  using Function = int(int, const char*, int, const char*, unsigned);
  static auto* const real = Real<Function>("renameat2");
  return Renaming({from_folder, from}, {to_folder, to}, [&] {
    return real(from_folder, from, to_folder, to, flags);
  });
}

int link(const char* from, const char* to) noexcept {
  static auto* const real = Real<int(const char*, const char*)>("link");
  return Linking({AT_FDCWD, from}, {AT_FDCWD, to},
                 [&] { return real(from, to); });
}

int linkat(int from_folder, const char* from, int to_folder, const char* to,
           int flags) noexcept {
  using Function = int(int, const char*, int, const char*, int);
  static auto* const real = Real<Function>("linkat");
  return Linking({from_folder, from}, {to_folder, to},
                 [&] { return real(from_folder, from, to_folder, to, flags); });
}

int mkdir(const char* path, mode_t mode) noexcept {
  static auto* const real = Real<int(const char*, mode_t)>("mkdir");
  return MakingFolder(AT_FDCWD, path, [&] { return real(path, mode); });
}

int mkdirat(int folder, const char* path, mode_t mode) noexcept {
  static auto* const real = Real<int(int, const char*, mode_t)>("mkdirat");
  return MakingFolder(folder, path, [&] { return real(folder, path, mode); });
}

}  // extern "C"
// NOLINTEND(readability-identifier-naming)

}  // namespace dataip::shim
