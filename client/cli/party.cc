// `dataip party` and `dataip officer`.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cli/commands.h"
#include "client/cli/input_files.h"
#include "client/cli/labels.h"
#include "client/command.h"
#include "client/filing/filing.h"
#include "client/pki/key_file.h"
#include "client/registry_client.h"
#include "core/base/status_macros.h"
#include "core/base/text.h"
#include "core/registry/values/identifiers.h"
#include "dataip/registry/v1/registry_service.pb.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;

constexpr char kRoot[] = "root";

std::string NameOf(const v1::PartyIdentity& identity) {
  return identity.name().empty() ? identity.masked_name() : identity.name();
}

// The first character stays: 张三丰 becomes 张**.
std::string MaskedName(const std::string& name) {
  size_t first_bytes = 1;
  while (first_bytes < name.size() &&
         (static_cast<unsigned char>(name[first_bytes]) & 0xc0) == 0x80) {
    ++first_bytes;
  }
  const size_t hidden = base::CountCharacters(name) - 1;
  return name.substr(0, first_bytes) +
         std::string(hidden == 0 ? 1 : hidden, '*');
}

absl::StatusOr<std::string> IdNumber(const Invocation& invocation) {
  const std::string file = invocation.Text("--id-number-file");
  std::string given = invocation.Text("--id-number");
  if (!file.empty()) {
    ASSIGN_OR_RETURN(given, ReadInputFile(file, kSmallFileBytes));
  }
  const std::string number = registry::NormaliseIdentifier(given);
  if (!registry::IsValidIdNumber(number)) {
    return absl::InvalidArgumentError(
        "身份证号不符合 GB 11643，请核对证件 (--id-number: not a valid GB "
        "11643 number, see the document)");
  }
  return number;
}

// Name and number of a natural person go as openings beside the command; the
// command holds their commitments only.
absl::StatusOr<v1::PartyIdentity> NaturalPerson(
    const Invocation& invocation, std::vector<v1::Opening>& openings) {
  if (!invocation.Switch("--identity-checked")) {
    return absl::InvalidArgumentError(
        "请查验身份证件后给出 --identity-checked (see the identity document, "
        "then state it by --identity-checked)");
  }
  const std::string name(base::Trim(invocation.Text("--name")));
  if (base::CountCharacters(name) < 2 || !base::ValidUtf8(name)) {
    return absl::InvalidArgumentError(
        "姓名至少两个字 (--name: two characters at least)");
  }
  ASSIGN_OR_RETURN(const std::string number, IdNumber(invocation));
  v1::PartyIdentity identity;
  identity.set_kind(v1::NATURAL_PERSON);
  identity.set_masked_name(MaskedName(name));
  *identity.mutable_name_commitment() = Commit(name, openings);
  *identity.mutable_id_number_commitment() = Commit(number, openings);
  identity.set_identity_checked(true);
  return identity;
}

absl::StatusOr<v1::PartyIdentity> IdentityOf(
    const Invocation& invocation, std::vector<v1::Opening>& openings) {
  ASSIGN_OR_RETURN(const v1::PartyKind kind,
                   ParsePartyKind(invocation.Text("--kind")));
  if (kind == v1::NATURAL_PERSON) return NaturalPerson(invocation, openings);
  if (!invocation.Has("--uscc")) {
    return absl::InvalidArgumentError(
        "缺少 --uscc (an organisation needs its GB 32100 code)");
  }
  v1::PartyIdentity identity;
  identity.set_kind(kind);
  identity.set_name(invocation.Text("--name"));
  identity.set_uscc(registry::NormaliseIdentifier(invocation.Text("--uscc")));
  return identity;
}

absl::StatusOr<int> RunRegister(Invocation& invocation) {
  ASSIGN_OR_RETURN(auto keys, invocation.Keys(1, 1));
  ASSIGN_OR_RETURN(crypto::PrivateKey party_key,
                   AsUsage(ReadKeyFile(invocation.Text("--party-key"))));
  std::vector<v1::Opening> openings;
  ASSIGN_OR_RETURN(const v1::PartyIdentity identity,
                   IdentityOf(invocation, openings));
  ASSIGN_OR_RETURN(const std::string actor,
                   invocation.ActorOf(keys.front().public_key()));
  ASSIGN_OR_RETURN(v1::Command command, invocation.NewCommand(actor));
  *command.mutable_register_party()->mutable_identity() = identity;
  *command.mutable_register_party()->mutable_key() =
      KeyMessage(party_key.public_key());
  keys.push_back(std::move(party_key));
  ASSIGN_OR_RETURN(const auto response,
                   invocation.Submit(command, keys, openings));
  Record record;
  for (const v1::Event& event : response.events()) {
    if (!event.has_party_registered()) continue;
    const v1::Party& party = event.party_registered().party();
    record.push_back({"主体号", party.party_number()});
    record.push_back({"名称", NameOf(party.identity())});
  }
  record.push_back({"账本序号", absl::StrCat(response.receipt().index())});
  invocation.PrintMessage(response, record);
  return kExitOk;
}

absl::StatusOr<int> RunPartyList(Invocation& invocation) {
  v1::ListPartiesRequest request;
  if (invocation.Has("--kind")) {
    ASSIGN_OR_RETURN(const v1::PartyKind kind,
                     ParsePartyKind(invocation.Text("--kind")));
    request.set_kind(kind);
  }
  ASSIGN_OR_RETURN(RegistryClient* const registry, invocation.Registry());
  ASSIGN_OR_RETURN(const auto parties, registry->ListParties(request));
  Table table{{"主体号", "类别", "名称", "统一社会信用代码", "登记时间"}, {}};
  std::vector<const google::protobuf::Message*> messages;
  for (const v1::Party& party : parties) {
    messages.push_back(&party);
    table.rows.push_back({party.party_number(),
                          LabelOf(party.identity().kind()),
                          NameOf(party.identity()), party.identity().uscc(),
                          FormatTime(party.registered_at_ms())});
  }
  invocation.PrintList(messages, table);
  return kExitOk;
}

absl::StatusOr<int> RunPartyShow(Invocation& invocation) {
  ASSIGN_OR_RETURN(RegistryClient* const registry, invocation.Registry());
  ASSIGN_OR_RETURN(const auto response,
                   registry->GetParty(invocation.words().front()));
  const v1::Party& party = response.party();
  invocation.PrintMessage(response,
                          {{"主体号", party.party_number()},
                           {"类别", LabelOf(party.identity().kind())},
                           {"名称", NameOf(party.identity())},
                           {"统一社会信用代码", party.identity().uscc()},
                           {"密钥", absl::StrJoin(party.key_ids(), "\n")},
                           {"登记时间", FormatTime(party.registered_at_ms())},
                           {"版本", absl::StrCat(party.version())}});
  return kExitOk;
}

std::string RolesText(const v1::Officer& officer) {
  std::vector<std::string> roles;
  for (const int role : officer.roles()) {
    roles.push_back(LabelOf(static_cast<v1::OfficerRole>(role)));
  }
  return absl::StrJoin(roles, "、");
}

absl::StatusOr<int> RunOfficerAdd(Invocation& invocation) {
  ASSIGN_OR_RETURN(auto keys, invocation.Keys(1, 1));
  ASSIGN_OR_RETURN(crypto::PrivateKey officer_key,
                   AsUsage(ReadKeyFile(invocation.Text("--officer-key"))));
  v1::RegisterOfficer body;
  body.set_officer_id(invocation.words().front());
  bool roles[2] = {false, false};
  for (const std::string& word : invocation.List("--role")) {
    ASSIGN_OR_RETURN(const v1::OfficerRole role, ParseOfficerRole(word));
    roles[role == v1::APPROVER ? 1 : 0] = true;
  }
  if (roles[0]) body.add_roles(v1::EXAMINER);
  if (roles[1]) body.add_roles(v1::APPROVER);
  *body.mutable_key() = KeyMessage(officer_key.public_key());
  ASSIGN_OR_RETURN(v1::Command command, invocation.NewCommand(kRoot));
  *command.mutable_register_officer() = body;
  keys.push_back(std::move(officer_key));
  ASSIGN_OR_RETURN(const auto response, invocation.Submit(command, keys));
  invocation.PrintMessage(
      response, {{"官员", absl::StrCat("officers/", body.officer_id())},
                 {"账本序号", absl::StrCat(response.receipt().index())}});
  return kExitOk;
}

absl::StatusOr<int> RunOfficerList(Invocation& invocation) {
  ASSIGN_OR_RETURN(RegistryClient* const registry, invocation.Registry());
  ASSIGN_OR_RETURN(const auto officers, registry->ListOfficers());
  Table table{{"官员", "职责", "密钥"}, {}};
  std::vector<const google::protobuf::Message*> messages;
  for (const v1::Officer& officer : officers) {
    messages.push_back(&officer);
    table.rows.push_back({absl::StrCat("officers/", officer.officer_id()),
                          RolesText(officer),
                          absl::StrJoin(officer.key_ids(), " ")});
  }
  invocation.PrintList(messages, table);
  return kExitOk;
}

CommandSpec RegisterSpec() {
  return {.group = "party",
          .name = "register",
          .summary = "登记主体 Registers a party; officer and new key sign",
          .flags = {{.name = "--kind",
                     .value = "KIND",
                     .help = "legal-person, unincorporated, natural-person or "
                             "public-institution",
                     .required = true},
                    {.name = "--name",
                     .value = "TEXT",
                     .help = "name of the organisation or person",
                     .required = true},
                    {.name = "--uscc",
                     .value = "CODE",
                     .help = "GB 32100 code of an organisation"},
                    {.name = "--id-number",
                     .value = "NUMBER",
                     .help = "GB 11643 number of a person; kept as commitment"},
                    {.name = "--id-number-file",
                     .value = "FILE",
                     .help = "the same from a file or `-`"},
                    {.name = "--identity-checked",
                     .help = "states that the identity document was seen"},
                    {.name = "--party-key",
                     .value = "FILE",
                     .help = "first private key of the party",
                     .required = true}},
          .examples = {"dataip party register --kind legal-person --name "
                       "测试能源有限公司 --uscc 91330382MA00005413 --party-key "
                       "enterprise.pem --key examiner.pem"},
          .run = RunRegister};
}

}  // namespace

std::vector<CommandSpec> PartyCommands() {
  return {
      RegisterSpec(),
      {.group = "party",
       .name = "list",
       .summary = "主体列表 Lists the parties",
       .flags = {{.name = "--kind", .value = "KIND", .help = "only this kind"}},
       .examples = {"dataip party list", "dataip party list -o json"},
       .run = RunPartyList},
      {.group = "party",
       .name = "show",
       .words = "NUMBER|USCC",
       .word_count = {1, 1},
       .summary = "查看主体 Shows a party",
       .examples = {"dataip party show 91330382MA00005413"},
       .run = RunPartyShow}};
}

std::vector<CommandSpec> OfficerCommands() {
  return {{.group = "officer",
           .name = "add",
           .words = "ID",
           .word_count = {1, 1},
           .summary = "登记官员 Registers an officer; root and new key sign",
           .flags = {{.name = "--role",
                      .value = "examiner|approver",
                      .help = "what it may sign",
                      .required = true,
                      .repeatable = true},
                     {.name = "--officer-key",
                      .value = "FILE",
                      .help = "first private key of the officer",
                      .required = true}},
           .examples = {"dataip officer add examiner-1 --role examiner "
                        "--officer-key examiner.pem --key root.pem"},
           .run = RunOfficerAdd},
          {.group = "officer",
           .name = "list",
           .summary = "官员列表 Lists the officers",
           .examples = {"dataip officer list"},
           .run = RunOfficerList}};
}

}  // namespace dataip::client
