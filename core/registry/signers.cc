// Exactly the needed keys, each enrolled for the actor it signs for.
#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/registry/admission.h"
#include "core/registry/decide.h"
#include "core/registry/party/attorneys.h"
#include "core/registry/request/requests.h"
#include "core/registry/state/signing.h"

namespace dataip::registry {
namespace {

// Stands for the key in the command's body among the actors who signed.
constexpr char kNewKey[] = "\x01new key";

Refusal WrongSigner(std::string zh, std::string en) {
  return Refuse(rpc::v1::BAD_SIGNATURE, {"signatures", "SIGNER", std::move(zh),
                                         std::move(en), "formats 7"});
}

Refusal NotAllowed(absl::string_view rule, std::string zh, std::string en) {
  return Refuse(rpc::v1::NOT_ALLOWED,
                {"actor", std::string(rule), std::move(zh), std::move(en), ""});
}

bool HasRole(const v1::Officer& officer, v1::OfficerRole role) {
  return std::find(officer.roles().begin(), officer.roles().end(), role) !=
         officer.roles().end();
}

std::string NewKeyId(const v1::Command& command) {
  switch (command.body_case()) {
    case v1::Command::kOpenRegistry:
      return KeyIdOfMessage(command.open_registry().root_key());
    case v1::Command::kRegisterOfficer:
      return KeyIdOfMessage(command.register_officer().key());
    case v1::Command::kRegisterParty:
      return KeyIdOfMessage(command.register_party().key());
    case v1::Command::kEnrolKey:
      return KeyIdOfMessage(command.enrol_key().key());
    default:
      return "";
  }
}

// Who signed, ascending; a refusal when a key is nobody's or stands twice.
std::variant<std::vector<std::string>, Refusal> ActorsWhoSigned(
    const State& state, const Proposal& proposal) {
  const std::string new_key_id = NewKeyId(proposal.command);
  std::set<std::string> seen;
  std::vector<std::string> actors;
  for (const std::string& key_id : proposal.signer_key_ids) {
    if (!seen.insert(key_id).second) {
      return WrongSigner("同一把密钥签了两次，请去掉一个签名",
                         "one key signed twice; remove a signature");
    }
    // The new key first: if it is enrolled already, the rule says so.
    const auto enrolled = state.keys.find(key_id);
    if (!new_key_id.empty() && key_id == new_key_id) {
      actors.emplace_back(kNewKey);
    } else if (enrolled != state.keys.end()) {
      actors.push_back(enrolled->second.actor);
    } else {
      return WrongSigner(
          absl::StrCat("密钥 ", key_id, " 未登记，请用已登记的密钥签名"),
          absl::StrCat("key ", key_id,
                       " is not enrolled; sign with one that "
                       "is"));
    }
  }
  std::sort(actors.begin(), actors.end());
  return actors;
}

MaybeRefusal CheckActor(const State& state, const v1::Command& command,
                        Signers signers) {
  const std::string& actor = command.actor();
  switch (signers) {
    case Signers::kNamedRoot:
    case Signers::kRoot:
    case Signers::kRootAndNewKey:
      if (actor == kRootActor) return std::nullopt;
      return NotAllowed("ACTOR", "此命令只能由根密钥持有人(root)发出",
                        "only root gives this command");
    case Signers::kClock:
      if (actor == kClockActor) return std::nullopt;
      return NotAllowed("ACTOR", "此命令只能由登记机构的时钟(clock)发出",
                        "only the clock gives this command");
    case Signers::kPartyOrClock:
      if (actor == kClockActor) return std::nullopt;
      [[fallthrough]];
    case Signers::kParty:
    case Signers::kApplicants:
      if (FindParty(state, actor) != nullptr) return std::nullopt;
      return NotAllowed("ACTOR", "此命令只能由已登记的主体发出，请先登记主体",
                        "only a registered party gives this command");
    case Signers::kActorAndNewKey:
      if (FindParty(state, actor) != nullptr) return std::nullopt;
      [[fallthrough]];
    case Signers::kOfficerAndNewKey:
    case Signers::kOfficer:
    case Signers::kExaminer:
    case Signers::kTwoOfficers:
      if (FindOfficer(state, actor) != nullptr) return std::nullopt;
      return NotAllowed("ACTOR", "此命令只能由已登记的工作人员发出",
                        "only a registered officer gives this command");
  }
  return std::nullopt;
}

std::vector<std::string> ExpectedActors(const v1::Command& command,
                                        Signers signers) {
  switch (signers) {
    case Signers::kNamedRoot:
      return {kNewKey};
    case Signers::kRootAndNewKey:
    case Signers::kOfficerAndNewKey:
    case Signers::kActorAndNewKey:
      return {kNewKey, command.actor()};
    case Signers::kApplicants: {
      std::set<std::string> actors = {command.actor()};
      // Who signed a draft signed it by commands of its own.
      for (const auto& one : command.submit_application().form().applicants()) {
        actors.insert(one.party_number());
      }
      return {actors.begin(), actors.end()};
    }
    default:
      return {command.actor()};
  }
}

// An agent may sign for all applicants at once, whose powers it then needs.
// The answer when it may not speaks of the power; an applicant without one
// wants the others' signatures.
MaybeRefusal CheckAgentOfAll(const State& state, const v1::Command& command,
                             const CivilDate& day) {
  const std::string& actor = command.actor();
  const v1::ApplicationForm& form = command.submit_application().form();
  const bool applies = IsApplicant(form, actor);
  for (const auto& one : form.applicants()) {
    RETURN_IF_REFUSED(
        CheckActingFor(state, {actor, one.party_number(), v1::ACT_FILE, ""},
                       day, applies ? "B03" : "B22"));
  }
  return std::nullopt;
}

// What is signed by others than every applicant, ascending.
MaybeRefusal CheckApplicants(const State& state, const v1::Command& command,
                             const std::vector<std::string>& signed_by,
                             const CivilDate& day) {
  if (signed_by == std::vector<std::string>{command.actor()}) {
    const MaybeRefusal refusal = CheckAgentOfAll(state, command, day);
    if (!refusal.has_value()) return std::nullopt;
    if (refusal->violations.front().rule() == "B22") return refusal;
  }
  return Refuse(
      rpc::v1::BAD_SIGNATURE,
      {"applicants", "B03", "每个申请人须各签一次且没有其他签名，请补签",
       "every applicant signs once and nobody else; add the "
       "missing signatures",
       ""});
}

// By whose consent a licence is filed or changed (rules 2.3 C4), without the
// actor.
struct Consents {
  std::set<std::string> pledgees;
  std::string licensee;  // that has confirmed what is changed; else empty

  std::set<std::string> All() const {
    std::set<std::string> all = pledgees;
    if (!licensee.empty()) all.insert(licensee);
    return all;
  }
};

Consents ConsentsTo(const State& state, const v1::Command& command) {
  Consents consents;
  if (!TakesConsents(command)) return consents;
  std::string certificate_number = command.file_licence().certificate_number();
  if (command.has_change_licence()) {
    const LicenceState* found =
        FindLicence(state, command.change_licence().licence_no());
    if (found == nullptr) return consents;
    const v1::Licence& licence = found->licence;
    certificate_number = licence.certificate_number();
    if (licence.confirmed_at_ms() != 0 &&
        licence.licensee() != command.actor()) {
      consents.licensee = licence.licensee();
    }
  }
  const auto* certificate = FindCertificate(state, certificate_number);
  if (certificate == nullptr) return consents;
  consents.pledgees = PledgeesOf(state, *certificate);
  consents.pledgees.erase(command.actor());
  return consents;
}

// Who did not consent is said by its part in it: strangers learn no number.
Refusal NoConsent(const Consents& consents,
                  const std::vector<std::string>& signed_by) {
  const auto is_missing = [&](const std::string& party) {
    return !std::binary_search(signed_by.begin(), signed_by.end(), party);
  };
  const bool licensee =
      !consents.licensee.empty() && is_missing(consents.licensee);
  const bool pledgees = std::any_of(consents.pledgees.begin(),
                                    consents.pledgees.end(), is_missing);
  if (licensee && pledgees) {
    return WrongSigner(
        "许可已由被许可人确认且证书已质押，变更须由发出者、被许可人与每一质权人"
        "签名，请补签",
        "the licensee has confirmed the licence and the certificate is "
        "pledged: a change takes the signatures of the actor, of the "
        "licensee and of every pledgee; add theirs");
  }
  if (licensee) {
    return WrongSigner(
        "许可已由被许可人确认，变更须由发出者与被许可人签名，请被许可人补签",
        "the licensee has confirmed the licence: a change takes the "
        "signatures of the actor and of the licensee; add the licensee's");
  }
  if (pledgees) {
    return WrongSigner(
        "证书已质押，许可及其变更须由发出者与每一质权人签名，请质权人补签",
        "the certificate is pledged: a licence or its change takes the "
        "signatures of the actor and of every pledgee; add the pledgees'");
  }
  return WrongSigner(
      "许可及其变更由发出者、每一质权人及已确认的被许可人各签一次，没有其他签"
      "名",
      "a licence or its change is signed once each by the actor, by every "
      "pledgee and by the licensee that has confirmed it, and by nobody else");
}

MaybeRefusal CheckTwoOfficers(const State& state, const std::string& examiner,
                              const std::vector<std::string>& signed_by) {
  const bool two = signed_by.size() == 2 && signed_by[0] != signed_by[1];
  const bool actor_signed =
      std::count(signed_by.begin(), signed_by.end(), examiner) == 1;
  if (!two || !actor_signed) {
    return NotAllowed("TWO_OFFICERS",
                      "此决定须由审查员与另一名审批员两人签名，请补签",
                      "this decision takes the signatures of the examiner and "
                      "of another officer as approver; add the missing one");
  }
  const std::string& second =
      signed_by[0] == examiner ? signed_by[1] : signed_by[0];
  const v1::Officer* approver = FindOfficer(state, second);
  if (approver == nullptr || !HasRole(*approver, v1::APPROVER)) {
    return NotAllowed("TWO_OFFICERS", "第二签名人不是审批员，请由审批员签名",
                      "the second signer is not an approver; let one sign");
  }
  return std::nullopt;
}

}  // namespace

MaybeRefusal CheckSigners(const State& state, const Proposal& proposal,
                          Signers signers, const CivilDate& day) {
  const v1::Command& command = proposal.command;
  RETURN_IF_REFUSED(CheckActor(state, command, signers));
  auto answer = ActorsWhoSigned(state, proposal);
  if (auto* refusal = std::get_if<Refusal>(&answer)) return *refusal;
  const auto& signed_by = std::get<std::vector<std::string>>(answer);

  if (signers == Signers::kExaminer || signers == Signers::kTwoOfficers) {
    if (!HasRole(*FindOfficer(state, command.actor()), v1::EXAMINER)) {
      return NotAllowed("ROLE", "发出命令的工作人员不是审查员",
                        "the acting officer is not an examiner");
    }
  }
  if (signers == Signers::kOfficer) {
    const v1::Officer& officer = *FindOfficer(state, command.actor());
    if (!HasRole(officer, v1::EXAMINER) && !HasRole(officer, v1::APPROVER)) {
      return NotAllowed("ROLE", "发出命令的工作人员既不是审查员也不是审批员",
                        "the acting officer is neither examiner nor approver");
    }
  }
  if (signers == Signers::kTwoOfficers) {
    return CheckTwoOfficers(state, command.actor(), signed_by);
  }
  std::vector<std::string> expected = ExpectedActors(command, signers);
  const Consents consents = ConsentsTo(state, command);
  const std::set<std::string> others = consents.All();
  expected.insert(expected.end(), others.begin(), others.end());
  std::sort(expected.begin(), expected.end());
  if (signed_by == expected) return std::nullopt;
  if (!others.empty()) return NoConsent(consents, signed_by);
  if (signers == Signers::kApplicants) {
    return CheckApplicants(state, command, signed_by, day);
  }
  return WrongSigner("签名人与命令要求的不符，请用发出者(及新密钥)签名",
                     "the signers are not those that the command needs: the "
                     "actor, and the new key where it enrols one");
}

}  // namespace dataip::registry
