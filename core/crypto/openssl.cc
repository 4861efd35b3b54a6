#include "core/crypto/openssl.h"

#include <openssl/err.h>

#include "absl/strings/str_cat.h"

namespace dataip::crypto {

ErrorQueueCleaner::~ErrorQueueCleaner() { ERR_clear_error(); }

absl::Status OpenSslFailure(absl::string_view what) {
  char reason[256] = "no reason given";
  if (const unsigned long error = ERR_get_error(); error != 0) {
    ERR_error_string_n(error, reason, sizeof(reason));
  }
  ERR_clear_error();
  return absl::InternalError(absl::StrCat(what, ": ", reason));
}

}  // namespace dataip::crypto
