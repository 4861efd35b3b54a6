#include "core/crypto/command_signature.h"

#include "core/base/status_macros.h"

namespace dataip::crypto {
namespace {

constexpr size_t kSaltBytes = 32;

void AppendPart(std::string& message, absl::string_view part) {
  message.append(part.data(), part.size());
  message.push_back('\0');
}

void AppendBytes(std::string& message, Bytes bytes) {
  message.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

}  // namespace

std::string CommandMessage(const CommandToSign& command) {
  std::string message;
  AppendPart(message, "dataip.command.v1");
  AppendPart(message, command.origin);
  AppendPart(message, command.key_id);
  AppendBytes(message, command.command);
  return message;
}

std::string CertificateMessage(absl::string_view origin, Bytes content) {
  std::string message;
  AppendPart(message, "dataip.certificate.v1");
  AppendPart(message, origin);
  AppendBytes(message, content);
  return message;
}

hash::Hash OpeningCommitment(Bytes salt, Bytes value) {
  DATAIP_ASSERT(salt.size() == kSaltBytes);
  std::string prefix;
  AppendPart(prefix, "dataip.opening.v1");
  return hash::Sha256({hash::AsBytes(prefix), salt, value});
}

}  // namespace dataip::crypto
