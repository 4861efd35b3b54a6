// `dataip certificate`: what holders ask for their certificates (C1 to C3, C6,
// C10; pledges stand in certificate_pledges.cc). What officers and other
// parties do with it stands in certificate_decisions.cc.
#include "absl/strings/str_cat.h"
#include "client/cli/certificate_words.h"
#include "client/cli/commands.h"
#include "client/cli/enum_words.h"
#include "client/cli/evidence_files.h"
#include "client/cli/master_key.h"
#include "client/filing/deposit.h"
#include "client/registry_client.h"
#include "core/base/status_macros.h"
#include "dataip/registry/v1/registry_service.pb.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;

absl::StatusOr<int> RunChange(Invocation& invocation) {
  v1::RequestBody body;
  ASSIGN_OR_RETURN(*body.mutable_change(), ChangeOf(invocation));
  body.mutable_change()->set_changed_on(invocation.Text("--changed-on"));
  return Ask(invocation, body);
}

absl::StatusOr<int> RunReportError(Invocation& invocation) {
  v1::RequestBody body;
  body.mutable_correction()->set_error(invocation.Text("--error"));
  ASSIGN_OR_RETURN(*body.mutable_correction()->mutable_values(),
                   ChangeOf(invocation));
  return Ask(invocation, body);
}

absl::StatusOr<int> RunTransfer(Invocation& invocation) {
  v1::RequestBody body;
  v1::TransferRequest& transfer = *body.mutable_transfer();
  ASSIGN_OR_RETURN(const auto kind,
                   ParseEnumWord<v1::TransferKind>(invocation.Text("--kind")));
  transfer.set_kind(kind);
  transfer.set_document_no(invocation.Text("--document-no"));
  ASSIGN_OR_RETURN(RegistryClient* const registry, invocation.Registry());
  for (const std::string& text : invocation.List("--to")) {
    ASSIGN_OR_RETURN(*transfer.add_new_holders(), ParseHolder(*registry, text));
  }
  ASSIGN_OR_RETURN(
      AttachedFiles attached,
      AttachFiles(*registry, "document", {invocation.Text("--document")}));
  *transfer.mutable_document() = attached.files.front();
  return Ask(invocation, body, std::move(attached.openings));
}

absl::Status AddDeposit(Invocation& invocation, v1::RenewalRequest& renewal) {
  const std::string cut = invocation.Text("--cut");
  if (cut != "lines" && cut != "blocks") {
    return absl::InvalidArgumentError(
        absl::StrCat("--cut 只能是 lines 或 blocks (lines or blocks): ", cut));
  }
  DepositRequest request;
  request.path = invocation.Text("--deposit");
  request.cut = cut == "lines" ? Cut::kLines : Cut::kBlocks;
  ASSIGN_OR_RETURN(request.master_key,
                   ReadMasterKeyOf(invocation, MissingKey::kMake));
  ASSIGN_OR_RETURN(const FileDigest digest,
                   DigestFile(request.path, request.cut));
  ASSIGN_OR_RETURN(const FileDeposit made, DepositFile(request, digest, {}));
  v1::Deposit& deposit = *renewal.mutable_deposit();
  deposit.set_file_sha256(std::string(digest.sha256.text()));
  deposit.set_file_sm3(std::string(digest.sm3.text()));
  deposit.set_byte_size(digest.byte_size);
  deposit.set_leaf_count(digest.leaf_count);
  deposit.set_root(std::string(made.root.text()));
  deposit.set_cut(request.cut == Cut::kLines ? v1::LINES : v1::BLOCKS);
  return absl::OkStatus();
}

absl::StatusOr<int> RunRenew(Invocation& invocation) {
  v1::RequestBody body;
  v1::RenewalRequest& renewal = *body.mutable_renewal();
  renewal.set_statement_of_use(invocation.Text("--use"));
  renewal.set_valid_to(invocation.Text("--to"));
  std::vector<std::string> paths;
  for (const std::string& text : invocation.List("--contract")) {
    const size_t middle = text.rfind('=');
    if (middle == std::string::npos || middle == 0) {
      return absl::InvalidArgumentError(
          absl::StrCat("--contract 应写作 文件=到期日 (FILE=DAY, the contract "
                       "and its end): ",
                       text));
    }
    paths.push_back(text.substr(0, middle));
    renewal.add_contract_ends(text.substr(middle + 1));
  }
  if (invocation.Has("--deposit")) {
    RETURN_IF_ERROR(AddDeposit(invocation, renewal));
  }
  ASSIGN_OR_RETURN(RegistryClient* const registry, invocation.Registry());
  ASSIGN_OR_RETURN(AttachedFiles attached,
                   AttachFiles(*registry, "contract", paths));
  for (const v1::FileCommitment& file : attached.files) {
    *renewal.add_contracts() = file;
  }
  return Ask(invocation, body, std::move(attached.openings));
}

absl::StatusOr<int> RunCancel(Invocation& invocation) {
  v1::RequestBody body;
  body.mutable_cancellation()->set_reason(invocation.Text("--reason"));
  return Ask(invocation, body);
}

absl::StatusOr<int> RunReplace(Invocation& invocation) {
  v1::RequestBody body;
  body.mutable_replacement()->set_reason(invocation.Text("--reason"));
  return Ask(invocation, body);
}

FlagRule Reason(std::string help) {
  return {.name = "--reason",
          .value = "TEXT",
          .help = std::move(help),
          .required = true};
}

CommandSpec ChangeSpec() {
  std::vector<FlagRule> flags = ChangeFlags();
  flags.push_back({.name = "--changed-on",
                   .value = "DAY",
                   .help = "day of the fact, YYYY-MM-DD; a change that is late "
                           "by the profile's change.file_within is taken too",
                   .required = true});
  return AskSpec("change", "申请变更 Asks for a change of what it says",
                 std::move(flags),
                 "dataip certificate change 20240733000000001 --records "
                 "2000000 --bytes 90000000 --changed-on 2024-08-01 --key "
                 "enterprise.pem",
                 RunChange);
}

CommandSpec ReportErrorSpec() {
  std::vector<FlagRule> flags = ChangeFlags();
  flags.insert(flags.begin(), {.name = "--error",
                               .value = "TEXT",
                               .help = "what is wrong",
                               .required = true});
  return AskSpec("report-error",
                 "报告差错 Tells of the registry's error and the right values",
                 std::move(flags),
                 "dataip certificate report-error 20240733000000001 --error "
                 "地区录入有误 --region 330302 --key enterprise.pem",
                 RunReportError);
}

CommandSpec TransferSpec() {
  return AskSpec(
      "transfer", "申请转移 Asks for other holders; both sides consent",
      {{.name = "--kind",
        .value = "KIND",
        .help = "assignment, merger, split, inheritance or judgment",
        .required = true},
       {.name = "--to",
        .value = "PARTY[:BP]",
        .help = "a holder from then on, the primary first, with its share in "
                "basis points or none",
        .required = true,
        .repeatable = true},
       {.name = "--document",
        .value = "FILE",
        .help = "contract, merger document or judgment; uploaded",
        .required = true},
       {.name = "--document-no",
        .value = "NO",
        .help = "its number",
        .required = true}},
      "dataip certificate transfer 20240733000000001 --kind assignment --to "
      "91330382MA00006569 --document contract.pdf --document-no ZR-2024-1 "
      "--key enterprise.pem",
      RunTransfer);
}

CommandSpec RenewSpec() {
  return AskSpec(
      "renew", "申请续展 Asks for a further term, inside the window",
      {{.name = "--use",
        .value = "TEXT",
        .help = "how the data were used in the term that ends",
        .required = true},
       {.name = "--to",
        .value = "DAY",
        .help = "last day wished, else as long as the profile allows"},
       {.name = "--contract",
        .value = "FILE=DAY",
        .help = "a source's contract and its end now, one for each source "
                "that has one, in the form's order; uploaded",
        .repeatable = true},
       {.name = "--deposit",
        .value = "FILE",
        .help = "the data file, when the data changed; only digests leave"},
       {.name = "--cut",
        .value = "lines|blocks",
        .help = "how its records are cut, as in `data hash`",
        .default_value = "lines"},
       MasterKeyFlag()},
      "dataip certificate renew 20240733000000001 --use 用于供热调度与能耗分析 "
      "--contract contract.pdf=2027-12-31 --key enterprise.pem",
      RunRenew);
}

}  // namespace

std::vector<CommandSpec> CertificateRequestCommands() {
  return {ChangeSpec(),
          TransferSpec(),
          RenewSpec(),
          AskSpec("cancel", "申请注销 Asks for its cancellation",
                  {Reason("why, for the record")},
                  "dataip certificate cancel 20240733000000001 --reason "
                  "数据停止更新 --key enterprise.pem",
                  RunCancel),
          ReportErrorSpec(),
          AskSpec("replace", "申请换发 Asks for a new sheet",
                  {Reason("why a new sheet is needed")},
                  "dataip certificate replace 20240733000000001 --reason "
                  "换发全国统一式样 --key enterprise.pem",
                  RunReplace)};
}

}  // namespace dataip::client
