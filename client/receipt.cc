#include "client/receipt.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/crypto/checkpoint.h"
#include "core/proof/header.h"
#include "core/proof/tree.h"
#include "core/registry/state/header_of.h"
#include "core/registry/values/canonical.h"
#include "dataip/registry/v1/batch.pb.h"
#include "dataip/registry/v1/command.pb.h"
#include "dataip/registry/v1/queries.pb.h"
#include "dataip/registry/v1/transition.pb.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;
using Items = google::protobuf::RepeatedPtrField<v1::BatchItem>;

absl::StatusOr<proof::Checkpoint> Verified(absl::string_view note,
                                           const TrustedLedger& ledger) {
  const crypto::CheckedCheckpoint checked = crypto::CheckCheckpoint(
      note, {ledger.origin, ledger.keys, ledger.witnesses, ledger.quorum});
  if (checked.counts()) return checked.checkpoint;
  return absl::DataLossError(
      absl::StrCat("检查点无效：", checked.zh,
                   " (the checkpoint does not count: ", checked.en, ")"));
}

absl::Status WrongReceipt(absl::string_view what) {
  return absl::DataLossError(
      absl::StrCat("回执不成立，请保存并报告 (the receipt does not hold, keep "
                   "and report it): ",
                   what));
}

std::string TextIn(const google::protobuf::Message& message, const char* name) {
  const auto* field = message.GetDescriptor()->FindFieldByName(name);
  return field == nullptr ? ""
                          : message.GetReflection()->GetString(message, field);
}

// Null when it is no command over many applications.
const Items* ItemsOf(const v1::Command& command) {
  switch (command.body_case()) {
    case v1::Command::kRequestCorrections:
      return &command.request_corrections().items();
    case v1::Command::kOpenNotices:
      return &command.open_notices().items();
    case v1::Command::kRegisterApplications:
      return &command.register_applications().items();
    default:
      return nullptr;
  }
}

bool Decides(const v1::BatchDecided& decided, const Items& items) {
  return std::equal(items.begin(), items.end(),
                    decided.application_nos().begin(),
                    decided.application_nos().end(),
                    [](const v1::BatchItem& item, const std::string& number) {
                      return item.application_no() == number;
                    });
}

// Whether the events are about the object that the command names.
bool AnswersTo(const v1::Command& command,
               const v1::SubmitCommandResponse& response,
               const std::string& stream) {
  if (response.events().empty()) return false;
  if (command.has_submit_application() &&
      !command.submit_application().draft_no().empty()) {
    return response.events(0)
               .application_submitted()
               .application()
               .draft_no() == command.submit_application().draft_no();
  }
  if (command.has_submit_application()) {
    return registry::SerializeCanonical(response.events(0)
                                            .application_submitted()
                                            .application()
                                            .form()) ==
           registry::SerializeCanonical(command.submit_application().form());
  }
  if (command.has_file_objection()) {
    // The entry is the new objection's, whose number nobody knew.
    const v1::Objection& filed =
        response.events(0).objection_filed().objection();
    return filed.application_no() ==
               command.file_objection().application_no() &&
           stream == absl::StrCat("objections/", filed.objection_no());
  }
  if (const Items* items = ItemsOf(command)) {
    return response.events(0).has_batch_decided() &&
           Decides(response.events(0).batch_decided(), *items);
  }
  const auto* body = command.GetReflection()->GetOneofFieldDescriptor(
      command, v1::Command::descriptor()->FindOneofByName("body"));
  if (body == nullptr) return false;
  const google::protobuf::Message& named =
      command.GetReflection()->GetMessage(command, body);
  const std::string application_no = TextIn(named, "application_no");
  if (!application_no.empty()) {
    return stream == absl::StrCat("applications/", application_no);
  }
  const std::string licence_no = TextIn(named, "licence_no");
  return licence_no.empty() || stream == absl::StrCat("licences/", licence_no);
}

}  // namespace

absl::Status CheckCheckpoint(absl::string_view note,
                             const TrustedLedger& ledger) {
  return Verified(note, ledger).status();
}

absl::Status CheckReceipt(const registry::v1::Receipt& receipt,
                          const TrustedLedger& ledger) {
  if (receipt.origin() != ledger.origin) return WrongReceipt("origin");
  const Bytes header = hash::AsBytes(receipt.header());
  const auto parsed = proof::DecodeHeader(header);
  if (!parsed.ok() || parsed->index != receipt.index()) {
    return WrongReceipt("its header is not that of its index");
  }
  if (receipt.checkpoint().empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const proof::Checkpoint checkpoint,
                   Verified(receipt.checkpoint(), ledger));
  std::vector<hash::Hash> path;
  for (const std::string& node : receipt.path()) {
    const auto hash = hash::Hash::From(hash::AsBytes(node));
    if (!hash.has_value()) return WrongReceipt("a node is not 32 bytes");
    path.push_back(*hash);
  }
  if (!proof::VerifyInclusion(hash::LeafHash(header), receipt.index(),
                              checkpoint.size, path, checkpoint.root)) {
    return WrongReceipt("inclusion");
  }
  return absl::OkStatus();
}

absl::Status CheckAnswer(absl::string_view command,
                         const v1::SubmitCommandResponse& response,
                         const TrustedLedger& ledger) {
  RETURN_IF_ERROR(CheckReceipt(response.receipt(), ledger));
  const auto header =
      proof::DecodeHeader(hash::AsBytes(response.receipt().header()));
  if (!header.ok()) return WrongReceipt("its header");
  const registry::EntryParts parts{header->type, header->stream,
                                   header->updates};
  if (parts != registry::HeaderOf(response.events())) {
    return WrongReceipt("its header is not that of the events");
  }
  v1::Command parsed;
  if (!parsed.ParseFromArray(command.data(),
                             static_cast<int>(command.size())) ||
      !AnswersTo(parsed, response, header->stream)) {
    return WrongReceipt("it is that of another command");
  }
  return absl::OkStatus();
}

}  // namespace dataip::client
