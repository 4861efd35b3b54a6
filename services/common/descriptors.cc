#include "services/common/descriptors.h"

#include <sys/resource.h>

#include <algorithm>
#include <cerrno>

namespace dataip::services {
namespace {

constexpr size_t kMostDescriptors = size_t{1} << 20;
constexpr size_t kMostDatabaseFiles = 4'096;
constexpr size_t kMostPassing = 256;
// Each connection costs memory too.
constexpr size_t kMostForConnections = 16'384;
// The rest of them is gRPC's.
constexpr size_t kMostForHttp = 512;

}  // namespace

DescriptorShares ShareDescriptors(size_t total) {
  DescriptorShares shares;
  shares.total = total;
  shares.database = std::min(total / 4, kMostDatabaseFiles);
  const size_t passing = std::min(total / 8, kMostPassing);
  shares.first_refused =
      std::min(total - shares.database - passing, kMostForConnections);
  shares.http = std::min(shares.first_refused / 4, kMostForHttp);
  return shares;
}

DescriptorShares Descriptors() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return ShareDescriptors(1'024);
  const rlim_t wanted = std::min<rlim_t>(limit.rlim_max, kMostDescriptors);
  if (wanted > limit.rlim_cur) {
    const rlimit raised{wanted, limit.rlim_max};
    if (setrlimit(RLIMIT_NOFILE, &raised) == 0) limit = raised;
  }
  return ShareDescriptors(
      static_cast<size_t>(std::min<rlim_t>(limit.rlim_cur, kMostDescriptors)));
}

bool IsOutOfDescriptors(int error) {
  return error == EMFILE || error == ENFILE;
}

}  // namespace dataip::services
