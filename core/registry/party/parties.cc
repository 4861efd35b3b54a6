// Officers, parties and their keys.
#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/base/text.h"
#include "core/registry/form/form_checks.h"
#include "core/registry/party/rules.h"
#include "core/registry/state/case.h"
#include "core/registry/state/signing.h"
#include "core/registry/values/identifiers.h"
#include "core/registry/values/number_scheme.h"

namespace dataip::registry {
namespace {

Refusal Invalid(std::string field, absl::string_view rule, std::string zh,
                std::string en, std::string clause = "") {
  return Refuse(rpc::v1::INVALID_FIELD,
                {std::move(field), std::string(rule), std::move(zh),
                 std::move(en), std::move(clause)});
}

// A key that is one, and not enrolled for anybody.
MaybeRefusal CheckNewKey(const State& state, const v1::PublicKey& message,
                         absl::string_view field) {
  const auto key = KeyOf(message);
  if (!key.ok()) {
    return Invalid(std::string(field), "KEY", "公钥无效，请重新生成密钥",
                   "the key is not a valid public key; make a new one",
                   "formats 7");
  }
  if (state.keys.find(key->KeyId()) != state.keys.end()) {
    return Refuse(rpc::v1::ALREADY_EXISTS,
                  {std::string(field), "KEY",
                   "该公钥已登记过，一把公钥只能登记一次，请换一把",
                   "the key is enrolled already; a key is enrolled once: use "
                   "another",
                   "formats 7"});
  }
  return std::nullopt;
}

bool IsCommitment(const v1::Commitment& commitment) {
  return commitment.digest().size() == hash::kHashBytes;
}

// At most half of the characters in clear, then nothing but stars: the payload
// that it stands in is never erased.
bool IsMaskedName(const std::string& name) {
  const size_t characters = base::CountCharacters(name);
  const size_t clear_bytes = std::min(name.find('*'), name.size());
  const size_t stars = name.size() - clear_bytes;
  return characters >= limits::kPartyNameLeastCharacters &&
         characters <= limits::kPartyNameCharacters &&
         !HasControlCharacter(name, false) &&
         name.find_first_not_of('*', clear_bytes) == std::string::npos &&
         stars * 2 >= characters;
}

MaybeRefusal CheckNaturalPerson(const v1::PartyIdentity& identity) {
  if (!identity.name().empty() || !identity.uscc().empty()) {
    return Invalid("identity.name", "IDENTITY",
                   "自然人的姓名与证件号码不得以明文填写，请改用承诺",
                   "a natural person stands by commitments only; clear name "
                   "and code",
                   "formats 7");
  }
  if (!IsMaskedName(identity.masked_name())) {
    return Invalid(
        "identity.masked_name", "IDENTITY",
        "脱敏姓名应为 2 至 100 个字符，前段可留不超过一半的字，其后全"
        "部为 *，如“张*”",
        "a masked name takes 2 to 100 characters: at most half of "
        "them in clear, then nothing but *, e.g. 张*");
  }
  if (!IsCommitment(identity.name_commitment()) ||
      !IsCommitment(identity.id_number_commitment())) {
    return Invalid("identity.id_number_commitment", "IDENTITY",
                   "姓名与公民身份号码的承诺应各为 32 字节",
                   "name and ID number stand as commitments of 32 bytes each",
                   "formats 1");
  }
  if (!identity.identity_checked()) {
    return Invalid("identity.identity_checked", "B02",
                   "须由工作人员查验身份证件后确认",
                   "an officer must have seen the identity document and say "
                   "so",
                   "GB 11643-1999");
  }
  return std::nullopt;
}

MaybeRefusal CheckOrganisation(const State& state,
                               const v1::PartyIdentity& identity) {
  const size_t characters = base::CountCharacters(identity.name());
  if (characters < limits::kPartyNameLeastCharacters ||
      characters > limits::kPartyNameCharacters ||
      base::Trim(identity.name()) != identity.name() ||
      HasControlCharacter(identity.name(), false)) {
    return Invalid(
        "identity.name", "IDENTITY",
        "名称应为 2 至 100 个字符，首尾无空格，不含控制字符和不显示的排"
        "版字符，请重新输入",
        "the name takes 2 to 100 characters, no blanks around it, "
        "no control and no invisible character; type it anew");
  }
  if (!identity.masked_name().empty() || identity.has_name_commitment() ||
      identity.has_id_number_commitment() || identity.identity_checked()) {
    return Invalid("identity.masked_name", "IDENTITY",
                   "组织以名称与统一社会信用代码登记，请清空自然人各项",
                   "an organisation has name and code; clear the fields of a "
                   "natural person");
  }
  if (!IsValidUscc(identity.uscc())) {
    return Invalid("identity.uscc", "USCC",
                   absl::StrCat("统一社会信用代码“", identity.uscc(),
                                "”的校验位不符，请核对 18 位代码"),
                   absl::StrCat("`", identity.uscc(),
                                "` does not pass the check of GB 32100; check "
                                "the 18 characters"),
                   "GB 32100-2015");
  }
  const auto taken = state.usccs.find(identity.uscc());
  if (taken != state.usccs.end()) {
    return Refuse(
        rpc::v1::ALREADY_EXISTS,
        {"identity.uscc", "USCC",
         absl::StrCat("该统一社会信用代码已登记为主体 ", taken->second),
         absl::StrCat("this code is registered as party ", taken->second),
         "GB 32100-2015"});
  }
  return std::nullopt;
}

MaybeRefusal CheckIdentity(const State& state,
                           const v1::PartyIdentity& identity) {
  switch (identity.kind()) {
    case v1::NATURAL_PERSON:
      return CheckNaturalPerson(identity);
    case v1::LEGAL_PERSON:
    case v1::UNINCORPORATED:
    case v1::PUBLIC_INSTITUTION:
      return CheckOrganisation(state, identity);
    default:
      return Invalid("identity.kind", "IDENTITY",
                     "请选择主体类型：法人、非法人组织、自然人或事业单位",
                     "choose the kind of party");
  }
}

}  // namespace

Decision DecideRegisterOfficer(const Case& a_case) {
  const v1::RegisterOfficer& body = a_case.command.register_officer();
  if (!IsOfficerId(body.officer_id())) {
    return Invalid("register_officer.officer_id", "OFFICER",
                   "工作人员编号应为 1 至 64 个小写字母、数字或连字符",
                   "an officer id takes 1 to 64 of a-z, 0-9 and hyphens");
  }
  int before = 0;
  for (int role : body.roles()) {
    if (role <= before) before = 1'000;
    before = std::max(before, role);
  }
  if (body.roles().empty() || before > v1::APPROVER) {
    return Invalid("register_officer.roles", "OFFICER",
                   "角色至少一个，按升序填写且不重复",
                   "roles are at least one, ascending, without repeats");
  }
  if (a_case.state.officers.count(body.officer_id()) > 0) {
    return Refuse(rpc::v1::ALREADY_EXISTS,
                  {"register_officer.officer_id", "OFFICER",
                   "该工作人员编号已登记，请换一个编号",
                   "this officer id is registered; use another", ""});
  }
  RETURN_IF_REFUSED(CheckVersion(a_case, 0));
  RETURN_IF_REFUSED(
      CheckNewKey(a_case.state, body.key(), "register_officer.key"));
  Events events(1);
  v1::OfficerRegistered* event = events[0].mutable_officer_registered();
  v1::Officer* officer = event->mutable_officer();
  officer->set_officer_id(body.officer_id());
  officer->set_version(1);
  *officer->mutable_roles() = body.roles();
  officer->add_key_ids(KeyIdOfMessage(body.key()));
  *event->mutable_key() = body.key();
  return events;
}

Decision DecideRegisterParty(const Case& a_case) {
  const v1::RegisterParty& body = a_case.command.register_party();
  RETURN_IF_REFUSED(CheckIdentity(a_case.state, body.identity()));
  RETURN_IF_REFUSED(CheckVersion(a_case, 0));
  RETURN_IF_REFUSED(
      CheckNewKey(a_case.state, body.key(), "register_party.key"));
  const uint64_t serial = a_case.state.counters.parties + 1;
  if (serial > kSerial7) {
    return Refuse(rpc::v1::RULE_REFUSES,
                  {"register_party", "NUMBERS", "主体编号已用尽",
                   "no party number is left", ""});
  }
  Events events(1);
  v1::PartyRegistered* event = events[0].mutable_party_registered();
  v1::Party* party = event->mutable_party();
  party->set_party_number(PartyNumber(serial));
  party->set_version(1);
  *party->mutable_identity() = body.identity();
  party->add_key_ids(KeyIdOfMessage(body.key()));
  party->set_registered_at_ms(a_case.decided_at_ms);
  *event->mutable_key() = body.key();
  return events;
}

Decision DecideEnrolKey(const Case& a_case) {
  const State& state = a_case.state;
  const std::string& actor = a_case.command.actor();
  const v1::PublicKey& key = a_case.command.enrol_key().key();
  const v1::Party* party = FindParty(state, actor);
  const v1::Officer* officer = FindOfficer(state, actor);
  const uint64_t version =
      party != nullptr ? party->version() : officer->version();
  const int keys =
      party != nullptr ? party->key_ids_size() : officer->key_ids_size();
  RETURN_IF_REFUSED(CheckNewKey(state, key, "enrol_key.key"));
  RETURN_IF_REFUSED(CheckVersion(a_case, version));
  if (keys >= limits::kKeysPerActor) {
    return Invalid("enrol_key.key", "KEY", "一个主体最多登记 100 把密钥",
                   "an actor has at most 100 keys");
  }
  Events events(1);
  v1::KeyEnrolled* event = events[0].mutable_key_enrolled();
  event->set_actor(actor);
  *event->mutable_key() = key;
  event->set_version(version + 1);
  return events;
}

}  // namespace dataip::registry
