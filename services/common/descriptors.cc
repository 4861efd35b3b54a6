#include "services/common/descriptors.h"

#include <sys/resource.h>

#include <algorithm>
#include <cerrno>

#include "core/base/limits.h"

namespace dataip::services {

DescriptorShares ShareDescriptors(size_t total) {
  DescriptorShares shares;
  shares.total = total;
  shares.database = std::min(total / 4, limits::kDatabaseDescriptors);
  const size_t passing = std::min(total / 8, limits::kPassingDescriptors);
  shares.first_refused = std::min(total - shares.database - passing,
                                  limits::kConnectionDescriptors);
  shares.http = std::min(shares.first_refused / 4, limits::kHttpDescriptors);
  return shares;
}

DescriptorShares Descriptors() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return ShareDescriptors(1'024);
  const rlim_t wanted = std::min<rlim_t>(limit.rlim_max, limits::kDescriptors);
  if (wanted > limit.rlim_cur) {
    const rlimit raised{wanted, limit.rlim_max};
    if (setrlimit(RLIMIT_NOFILE, &raised) == 0) limit = raised;
  }
  return ShareDescriptors(static_cast<size_t>(
      std::min<rlim_t>(limit.rlim_cur, limits::kDescriptors)));
}

bool IsOutOfDescriptors(int error) {
  return error == EMFILE || error == ENFILE;
}

}  // namespace dataip::services
