// Kind "refused_protobuf": what is not canonical (formats.md 9), through the
// generated messages and, where there is one, through the reader by hand.
#include <memory>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/proof/bundle.h"
#include "core/proof/certificate.h"
#include "core/registry/values/canonical.h"
#include "dataip/bundle/v1/bundle.pb.h"
#include "dataip/registry/v1/certificate.pb.h"
#include "dataip/registry/v1/command.pb.h"
#include "tests/conformance/cases.h"

namespace dataip::conformance {
namespace {

using google::protobuf::Message;

bool HandAcceptsStatusRecord(Bytes bytes) {
  return proof::DecodeStatusRecord(bytes).ok();
}
bool HandAcceptsContent(Bytes bytes) {
  return proof::DecodeCertificateContent(bytes).ok();
}
bool HandAcceptsBundle(Bytes bytes) { return proof::DecodeBundle(bytes).ok(); }

template <typename T>
std::unique_ptr<Message> New() {
  return std::make_unique<T>();
}

struct MessageKind {
  absl::string_view name;
  std::unique_ptr<Message> (*make)();
  bool (*hand_accepts)(Bytes);  // null when there is no reader by hand
};

constexpr MessageKind kMessages[] = {
    {"dataip.registry.v1.StatusRecord", New<registry::v1::StatusRecord>,
     HandAcceptsStatusRecord},
    {"dataip.registry.v1.CertificateContent",
     New<registry::v1::CertificateContent>, HandAcceptsContent},
    {"dataip.bundle.v1.Bundle", New<bundle::v1::Bundle>, HandAcceptsBundle},
    {"dataip.registry.v1.Command", New<registry::v1::Command>, nullptr},
    {"dataip.registry.v1.SignedCommand", New<registry::v1::SignedCommand>,
     nullptr},
};

absl::Status RunBytes(const Json& json, bool expected, Tally& tally) {
  ASSIGN_OR_RETURN(const std::string name, json.Text("message"));
  ASSIGN_OR_RETURN(const std::string bytes, json.Hex("bytes"));
  const std::string word = expected ? "accepted" : "refused";
  for (const MessageKind& kind : kMessages) {
    if (kind.name != name) continue;
    const std::unique_ptr<Message> message = kind.make();
    const bool accepted =
        registry::ParseCanonicalInto(hash::AsBytes(bytes), *message).ok();
    RETURN_IF_ERROR(
        tally.Same("by protobuf", word, accepted ? "accepted" : "refused"));
    if (kind.hand_accepts == nullptr) return absl::OkStatus();
    const bool by_hand = kind.hand_accepts(hash::AsBytes(bytes));
    return tally.Same("by hand", word, by_hand ? "accepted" : "refused");
  }
  return absl::InvalidArgumentError(
      absl::StrCat("vector file: unknown message ", name));
}

}  // namespace

absl::Status RunRefusedProtobuf(const Json& file, Tally& tally) {
  ASSIGN_OR_RETURN(const std::vector<Json> cases, file.List("cases"));
  for (size_t i = 0; i < cases.size(); ++i) {
    ASSIGN_OR_RETURN(const std::string why, cases[i].Text("why"));
    tally.Case(absl::StrCat("cases[", i, "] (", why, ")"));
    RETURN_IF_ERROR(RunBytes(cases[i], false, tally));
  }
  ASSIGN_OR_RETURN(const std::vector<Json> accept, file.List("accept"));
  for (size_t i = 0; i < accept.size(); ++i) {
    tally.Case(absl::StrCat("accept[", i, "]"));
    RETURN_IF_ERROR(RunBytes(accept[i], true, tally));
  }
  return absl::OkStatus();
}

}  // namespace dataip::conformance
