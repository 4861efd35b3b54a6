// Journals of imports: one that is taken is taken again, with its torn last
// line gone.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "client/import_journal.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  using namespace dataip::client;
  const ImportJournal::Binding binding = {"ledger.example/1", "P0000001"};
  const int fd = ::memfd_create("journal", MFD_CLOEXEC);
  if (fd < 0) std::abort();
  if (::write(fd, bytes, size) != static_cast<ssize_t>(size)) std::abort();
  const std::string path = "/proc/self/fd/" + std::to_string(fd);
  const bool taken = ImportJournal::Open(path, binding).ok();
  if (taken && !ImportJournal::Open(path, binding).ok()) std::abort();
  ::close(fd);
  return 0;
}
