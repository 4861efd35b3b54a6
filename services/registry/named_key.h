// A key of the configuration against that which the registry was opened with.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "core/crypto/signer.h"
#include "dataip/registry/v1/table.pb.h"

namespace dataip::registryd {

struct KeySetting {
  std::string name;
  std::string path;  // of the file; "" when there is none
};

// INVALID_FIELD unless `key` is the one that OpenRegistry `named`; says setting
// and file, the key id of each, and what to do.
absl::Status CheckNamedKey(const ::dataip::registry::v1::PublicKey& named,
                           const crypto::PrivateKey& key,
                           const KeySetting& setting);

}  // namespace dataip::registryd
