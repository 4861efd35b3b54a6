// The readers by hand take nothing that the canonical parser of the generated
// messages refuses.
#include <cstdlib>

#include "core/proof/bundle.h"
#include "core/proof/certificate.h"
#include "core/registry/values/canonical.h"
#include "dataip/bundle/v1/bundle.pb.h"
#include "dataip/registry/v1/certificate.pb.h"
#include "google/protobuf/stubs/logging.h"

namespace {

template <typename T>
void RequireCanonical(dataip::Bytes bytes) {
  T message;
  if (!dataip::registry::ParseCanonicalInto(bytes, message).ok()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  google::protobuf::SetLogHandler(nullptr);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  using namespace dataip;
  const Bytes input(bytes, size);
  if (proof::DecodeStatusRecord(input).ok()) {
    RequireCanonical<registry::v1::StatusRecord>(input);
  }
  if (proof::DecodeCertificateContent(input).ok()) {
    RequireCanonical<registry::v1::CertificateContent>(input);
  }
  if (proof::DecodeBundle(input).ok()) {
    RequireCanonical<bundle::v1::Bundle>(input);
  }
  return 0;
}
