// `dataip licence`.
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/cli/application_view.h"
#include "client/cli/batch.h"
#include "client/cli/commands.h"
#include "client/cli/decision.h"
#include "client/cli/labels.h"
#include "client/registry_client.h"
#include "core/base/status_macros.h"
#include "core/crypto/random.h"
#include "core/registry/values/civil_date.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;

constexpr char kCurrency[] = "CNY";
constexpr size_t kSaltBytes = 32;

absl::StatusOr<v1::LicencePrice> PriceOf(const Invocation& invocation) {
  const bool fixed = invocation.Has("--fixed-fen");
  if (fixed == invocation.Has("--per-unit-fen")) {
    return absl::InvalidArgumentError(
        "--fixed-fen 与 --per-unit-fen 须给出其一 (name one of the two "
        "prices)");
  }
  v1::LicencePrice price;
  v1::Money& money = fixed ? *price.mutable_fixed() : *price.mutable_per_unit();
  ASSIGN_OR_RETURN(const uint64_t fen,
                   invocation.Number(fixed ? "--fixed-fen" : "--per-unit-fen"));
  money.set_currency(kCurrency);
  money.set_fen(static_cast<int64_t>(fen));
  price.set_unit(invocation.Text("--unit"));
  return price;
}

// By its Chinese word or as in the protocol.
absl::StatusOr<v1::LicenceKind> KindOf(const std::string& word) {
  for (const auto kind : {v1::ORDINARY, v1::EXCLUSIVE, v1::SOLE}) {
    const std::string label = LabelOf(kind);
    if (word == label || absl::StrCat(word, "许可") == label) return kind;
  }
  return ParseLicenceKind(word);
}

// Sends what a licensor signs, or writes it to --out for those who consent.
absl::StatusOr<int> SendOrWrite(Invocation& invocation,
                                const v1::Command& command,
                                const std::vector<crypto::PrivateKey>& keys,
                                const Record& object) {
  if (invocation.Has("--out")) {
    ASSIGN_OR_RETURN(const auto* const info, invocation.RegistryInfo());
    CommandFile file;
    file.origin = info->origin();
    ASSIGN_OR_RETURN(file.commands.emplace_back().command,
                     SignCommand(command, info->origin(), keys));
    return WriteHalfSigned(invocation, file);
  }
  ASSIGN_OR_RETURN(const auto response, invocation.Submit(command, keys));
  Record record = object;
  record.push_back({"结果", OutcomeText(response)});
  record.push_back({"账本序号", absl::StrCat(response.receipt().index())});
  invocation.PrintMessage(response, record);
  return kExitOk;
}

// A pledgee signs too where the certificate is pledged, here or by `command
// sign`.
absl::StatusOr<int> RunFile(Invocation& invocation) {
  ASSIGN_OR_RETURN(const auto keys, invocation.Keys());
  v1::FileLicence body;
  ASSIGN_OR_RETURN(const v1::LicenceKind kind,
                   KindOf(invocation.Text("--kind")));
  body.set_kind(kind);
  ASSIGN_OR_RETURN(*body.mutable_price(), PriceOf(invocation));
  ASSIGN_OR_RETURN(RegistryClient* const registry, invocation.Registry());
  ASSIGN_OR_RETURN(const auto certificate,
                   registry->GetCertificate(invocation.Text("--certificate")));
  ASSIGN_OR_RETURN(const auto licensee,
                   registry->GetParty(invocation.Text("--licensee")));
  body.set_certificate_number(certificate.certificate().number());
  body.set_licensee(licensee.party().party_number());
  if (invocation.Has("--for")) {
    ASSIGN_OR_RETURN(const auto licensor,
                     registry->GetParty(invocation.Text("--for")));
    body.set_licensor(licensor.party().party_number());
  }
  body.set_valid_from(invocation.Text("--from"));
  body.set_valid_to(invocation.Text("--to"));
  body.set_contract_no(invocation.Text("--contract"));
  body.set_salt(crypto::RandomBytes(kSaltBytes));
  ASSIGN_OR_RETURN(const std::string actor,
                   invocation.ActorOf(keys.front().public_key()));
  ASSIGN_OR_RETURN(v1::Command command, invocation.NewCommand(actor));
  command.set_version(certificate.certificate().status().version());
  *command.mutable_file_licence() = body;
  return SendOrWrite(invocation, command, keys,
                     {{"证书编号", body.certificate_number()}});
}

// A unit alone names the present price anew.
absl::Status ChangePrice(const Invocation& invocation,
                         v1::LicencePrice& price) {
  const std::string unit = price.unit();
  const std::string given = invocation.Text("--unit");
  if (invocation.Has("--fixed-fen") || invocation.Has("--per-unit-fen")) {
    ASSIGN_OR_RETURN(price, PriceOf(invocation));
    if (given.empty() && price.has_per_unit()) price.set_unit(unit);
  } else if (!given.empty()) {
    price.set_unit(given);
  }
  return absl::OkStatus();
}

absl::Status CheckChangeFlags(const Invocation& invocation) {
  for (const char* flag : {"--kind", "--to", "--fixed-fen", "--per-unit-fen",
                           "--unit", "--contract"}) {
    if (invocation.Has(flag)) return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      "请至少写明一项要变更的条款 (name at least one term that changes)");
}

// The registry wants all terms: those without a flag stay as they are.
absl::StatusOr<int> RunChange(Invocation& invocation) {
  RETURN_IF_ERROR(CheckChangeFlags(invocation));
  ASSIGN_OR_RETURN(const auto keys, invocation.Keys());
  ASSIGN_OR_RETURN(RegistryClient* const registry, invocation.Registry());
  ASSIGN_OR_RETURN(const auto found,
                   registry->GetLicence(invocation.words().front()));
  const v1::Licence& licence = found.licence();
  if (!licence.price().has_fixed() && !licence.price().has_per_unit()) {
    return absl::PermissionDeniedError(
        "登记系统未向您出示许可的条款，请用许可人或其代理人的 TLS 证书 (the "
        "registry did not show you the terms: use the TLS certificate of the "
        "licensor or of its agent)");
  }
  v1::ChangeLicence body;
  body.set_licence_no(licence.licence_no());
  body.set_kind(licence.kind());
  if (invocation.Has("--kind")) {
    ASSIGN_OR_RETURN(const v1::LicenceKind kind,
                     KindOf(invocation.Text("--kind")));
    body.set_kind(kind);
  }
  body.set_valid_to(invocation.Has("--to") ? invocation.Text("--to")
                                           : licence.valid_to());
  *body.mutable_price() = licence.price();
  RETURN_IF_ERROR(ChangePrice(invocation, *body.mutable_price()));
  body.set_contract_no(invocation.Has("--contract")
                           ? invocation.Text("--contract")
                           : licence.contract_no());
  body.set_salt(crypto::RandomBytes(kSaltBytes));
  ASSIGN_OR_RETURN(const std::string actor,
                   invocation.ActorOf(keys.front().public_key()));
  ASSIGN_OR_RETURN(v1::Command command, invocation.NewCommand(actor));
  command.set_version(licence.version());
  *command.mutable_change_licence() = body;
  return SendOrWrite(invocation, command, keys,
                     {{"许可编号", body.licence_no()},
                      {"方式", LabelOf(body.kind())},
                      {"止日", body.valid_to()},
                      {"价格", PriceText(body.price())},
                      {"合同号", body.contract_no()}});
}

// By the registry's clock.
absl::StatusOr<std::string> TodayOf(Invocation& invocation) {
  ASSIGN_OR_RETURN(const auto* const info, invocation.RegistryInfo());
  return registry::FormatDate(
      registry::ShanghaiDate(registry::ToUnixMs(info->now()).value_or(0)));
}

absl::StatusOr<int> RunList(Invocation& invocation) {
  v1::ListLicencesRequest request;
  request.set_certificate_number(invocation.Text("--certificate"));
  request.set_party(invocation.Text("--party"));
  ASSIGN_OR_RETURN(RegistryClient* const registry, invocation.Registry());
  RETURN_IF_ERROR(CheckParty(*registry, request.party()));
  ASSIGN_OR_RETURN(const auto licences, registry->ListLicences(request));
  Table table{{"许可编号", "证书编号", "许可人", "被许可人", "方式", "期间",
               "状态", "价格"},
              {}};
  ASSIGN_OR_RETURN(const std::string today, TodayOf(invocation));
  std::vector<const google::protobuf::Message*> messages;
  for (const v1::Licence& licence : licences) {
    messages.push_back(&licence);
    table.rows.push_back(
        {licence.licence_no(), licence.certificate_number(), licence.licensor(),
         licence.licensee(), LabelOf(licence.kind()), LicenceTermText(licence),
         LicenceStateText(licence, today), PriceText(licence.price())});
  }
  invocation.PrintList(messages, table);
  return kExitOk;
}

absl::StatusOr<int> RunShow(Invocation& invocation) {
  ASSIGN_OR_RETURN(RegistryClient* const registry, invocation.Registry());
  ASSIGN_OR_RETURN(const auto response,
                   registry->GetLicence(invocation.words().front()));
  const v1::Licence& licence = response.licence();
  ASSIGN_OR_RETURN(const std::string today, TodayOf(invocation));
  invocation.PrintMessage(
      response, {{"许可编号", licence.licence_no()},
                 {"证书编号", licence.certificate_number()},
                 {"许可人", licence.licensor()},
                 {"被许可人", licence.licensee()},
                 {"方式", LabelOf(licence.kind())},
                 {"期间", LicenceTermText(licence)},
                 {"状态", LicenceStateText(licence, today)},
                 {"价格", PriceText(licence.price())},
                 {"合同号", licence.contract_no()},
                 {"备案时间", FormatTime(licence.filed_at_ms())},
                 {"被许可人确认", licence.confirmed_at_ms() == 0
                                      ? "尚未确认"
                                      : FormatTime(licence.confirmed_at_ms())},
                 {"终止于", licence.ended_on()},
                 {"运用金额", FormatFen(response.realised_value_fen())},
                 {"版本", absl::StrCat(licence.version())}});
  return kExitOk;
}

absl::StatusOr<int> RunConfirm(Invocation& invocation) {
  return ActOnEach(
      invocation,
      {LicenceVersion(), [](const std::string& number, v1::Command& command) {
         command.mutable_confirm_licence()->set_licence_no(number);
       }});
}

absl::StatusOr<int> RunEnd(Invocation& invocation) {
  const std::string last = invocation.Text("--on");
  const std::string reason = invocation.Text("--reason");
  return ActOnEach(invocation,
                   {LicenceVersion(), [last, reason](const std::string& number,
                                                     v1::Command& command) {
                      v1::EndLicence& body = *command.mutable_end_licence();
                      body.set_licence_no(number);
                      body.set_ended_on(last);
                      body.set_reason(reason);
                    }});
}

CommandSpec EndSpec() {
  return {.group = "licence",
          .name = "end",
          .words = "L...",
          .word_count = {1, kAnyNumber},
          .summary = "终止许可 Ends licences early; licensor or licensee signs",
          .flags = {{.name = "--on",
                     .value = "DAY",
                     .help = "last day, YYYY-MM-DD, not before today",
                     .required = true},
                    {.name = "--reason",
                     .value = "TEXT",
                     .help = "why, for the record",
                     .required = true}},
          .examples = {"dataip licence end L20240000001 --on 2024-12-31 "
                       "--reason 双方协商一致 --key enterprise.pem"},
          .run = RunEnd};
}

FlagRule KindFlag(std::string default_value) {
  return {.name = "--kind",
          .value = "ordinary|exclusive|sole",
          .help =
              "普通, 独占: nobody else, nor the holder itself, or 排他: "
              "nobody else but the holder itself",
          .default_value = std::move(default_value)};
}

std::vector<FlagRule> PriceFlags() {
  return {
      {.name = "--fixed-fen", .value = "N", .help = "fixed price in fen"},
      {.name = "--per-unit-fen",
       .value = "N",
       .help = "price of one unit in fen"},
      {.name = "--unit", .value = "WORD", .help = "name of the unit, e.g. 次"}};
}

FlagRule ContractFlag() {
  return {
      .name = "--contract", .value = "NO", .help = "number of the contract"};
}

FlagRule ConsentsFlag() {
  return {.name = "--out",
          .value = "FILE",
          .help =
              "writes the command for those who sign by consent (the pledgees "
              "of a pledged certificate; of a change, the licensee that has "
              "confirmed the licence), instead of sending it"};
}

CommandSpec ChangeSpec() {
  std::vector<FlagRule> flags = {
      KindFlag(""),
      {.name = "--to",
       .value = "DAY",
       .help = "last day, YYYY-MM-DD, not before today"},
      ContractFlag(),
      ConsentsFlag()};
  for (FlagRule& rule : PriceFlags()) flags.push_back(std::move(rule));
  return {.group = "licence",
          .name = "change",
          .words = "L",
          .word_count = {1, 1},
          .summary =
              "变更许可 Changes terms of a licence, the others stay; the "
              "holder or its agent signs, and each pledgee, and the licensee "
              "once it has confirmed the licence",
          .flags = std::move(flags),
          .examples = {"dataip licence change L20240000001 --to 2026-07-09 "
                       "--per-unit-fen 60 --contract XK-2024-1-补1 --key "
                       "enterprise.pem",
                       "dataip licence change L20240000001 --to 2026-07-09 "
                       "--key enterprise.pem --out change.json"},
          .run = RunChange};
}

CommandSpec FileSpec() {
  return {.group = "licence",
          .name = "file",
          .summary =
              "许可备案 Files a licence; the holder or its agent signs, and "
              "each pledgee",
          .flags = {{.name = "--certificate",
                     .value = "NUMBER",
                     .help = "what is licensed",
                     .required = true},
                    {.name = "--licensee",
                     .value = "NUMBER|USCC",
                     .help = "to whom",
                     .required = true},
                    KindFlag("ordinary"),
                    {.name = "--from",
                     .value = "DAY",
                     .help = "first day, YYYY-MM-DD",
                     .required = true},
                    {.name = "--to",
                     .value = "DAY",
                     .help = "last day",
                     .required = true},
                    PriceFlags()[0],
                    PriceFlags()[1],
                    PriceFlags()[2],
                    ContractFlag(),
                    {.name = "--for",
                     .value = "NUMBER|USCC",
                     .help = "the holder for whom an agent files"},
                    ConsentsFlag()},
          .examples = {"dataip licence file --certificate 20240733000000001 "
                       "--licensee 91330382MA00006569 --from 2024-07-10 --to "
                       "2025-07-09 --per-unit-fen 50 --unit 次 --key "
                       "enterprise.pem"},
          .run = RunFile};
}

}  // namespace

std::vector<CommandSpec> LicenceCommands() {
  return {FileSpec(),
          {.group = "licence",
           .name = "list",
           .summary = "许可列表 Lists licences",
           .flags = {{.name = "--certificate",
                      .value = "NUMBER",
                      .help = "only of this certificate"},
                     {.name = "--party",
                      .value = "NUMBER|USCC",
                      .help = "only of this licensor or licensee"}},
           .examples = {"dataip licence list --certificate 20240733000000001"},
           .run = RunList},
          {.group = "licence",
           .name = "show",
           .words = "NO",
           .word_count = {1, 1},
           .summary = "查看许可 Shows a licence and what it has realised",
           .examples = {"dataip licence show L20240000001"},
           .run = RunShow},
          {.group = "licence",
           .name = "confirm",
           .words = "L...",
           .word_count = {1, kAnyNumber},
           .summary = "确认许可 Confirms licences; the licensee signs",
           .examples = {"dataip licence confirm L20240000001 --key "
                        "licensee.pem"},
           .run = RunConfirm},
          ChangeSpec(),
          EndSpec()};
}

}  // namespace dataip::client
