// Who signs an act when all is well.
#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "core/registry/certificate/certificate_orders.h"
#include "core/registry/request/requests.h"
#include "tests/support/registry_life.h"

namespace dataip::testing {
namespace {

using registry::State;
using Names = std::vector<std::string>;

const std::string kNobody;

std::string PartyOnForm(const v1::ApplicationForm& form, bool primary) {
  for (const v1::Applicant& one : form.applicants()) {
    if (one.primary() == primary) return one.party_number();
  }
  return "";
}

Names HoldersOf(const State& state, const std::string& number) {
  Names holders;
  const auto* sheet = registry::FindSheet(state, number);
  if (sheet == nullptr) return holders;
  for (const v1::Holder& one : sheet->content().holders()) {
    holders.push_back(one.party_number());
  }
  return holders;
}

std::string FirstPledgee(const State& state, const std::string& number) {
  for (const auto& [pledge_no, pledge] : state.pledges) {
    if (pledge.certificate_number() == number) return pledge.pledgee();
  }
  return "";
}

std::string CosignerOf(const State& state, const Act& act,
                       const std::string& object) {
  if (act.kind == Kind::kDraft) {
    const auto* draft = registry::FindDraft(state, object);
    for (const v1::Applicant& one : draft->form().applicants()) {
      const auto& signed_by = draft->cosigned();
      const bool has = std::count(signed_by.begin(), signed_by.end(),
                                  one.party_number()) > 0;
      if (!one.primary() && !has) return one.party_number();
    }
    return PartyOnForm(draft->form(), false);
  }
  const auto* request = registry::FindRequest(state, object);
  for (const std::string& party : request->cosigners()) {
    const auto& given = request->cosigned();
    if (std::count(given.begin(), given.end(), party) == 0) return party;
  }
  return request->cosigners().empty() ? "" : request->cosigners(0);
}

std::string ApplicantOf(const State& state, const Act& act,
                        const std::string& object) {
  if (act.kind == Kind::kDraft) {
    return PartyOnForm(registry::FindDraft(state, object)->form(), true);
  }
  std::string number = object;
  if (act.kind == Kind::kObjection) {
    number = registry::FindObjection(state, object)->application_no();
  }
  const auto* application = registry::FindApplication(state, number);
  return application == nullptr ? "" : PartyOnForm(application->form(), true);
}

// Of a certificate, or of that of a revocation.
std::string SheetOf(const State& state, const Act& act,
                    const std::string& object) {
  if (act.kind != Kind::kRevocation) return object;
  const auto* found = registry::FindRevocation(state, object);
  const auto* sheet = registry::NewestSheet(state, found->certificate_number());
  return sheet == nullptr ? "" : sheet->number();
}

const v1::Licence& LicenceAt(const State& state, const std::string& number) {
  return registry::FindLicence(state, number)->licence;
}

// Whose pledgees sign too; null when nobody does.
const v1::Certificate* LicensedSheet(const State& state, const Act& act,
                                     const std::string& object) {
  if (act.body == v1::Command::kFileLicence) {
    return registry::FindSheet(state, object);
  }
  return act.body == v1::Command::kChangeLicence
             ? registry::NewestSheet(
                   state, LicenceAt(state, object).certificate_number())
             : nullptr;
}

}  // namespace

RegistryFixture::Signers Life::SignersOf(const Act& act,
                                         const std::string& object,
                                         const Words& words) {
  const State& all = state();
  const Ask ask{*this, object, kNobody, words};
  const std::string named = ask.Word("由");
  if (!named.empty()) return absl::StrSplit(named, ',');
  std::string party;
  switch (act.whose) {
    case Whose::kExaminer:
      return {kExaminer};
    case Whose::kTwoOfficers:
      return {kExaminer, kApprover};
    case Whose::kClock:
      return {"clock"};
    case Whose::kRoot:
      return {"root"};
    case Whose::kParty:
      return {"enterprise"};
    case Whose::kApplicant:
      party = ApplicantOf(all, act, object);
      break;
    case Whose::kCosigner:
      party = CosignerOf(all, act, object);
      break;
    case Whose::kObjector:
      party = act.kind == Kind::kObjection
                  ? registry::FindObjection(all, object)->objector()
                  : PartyBeside({ApplicantOf(all, act, object)});
      break;
    case Whose::kHolder: {
      const Names holders = HoldersOf(all, SheetOf(all, act, object));
      party = holders.empty() ? "" : holders[0];
      break;
    }
    case Whose::kSuccessor:
      party = PartyBeside(HoldersOf(all, object));
      break;
    case Whose::kPledgee:
      party = FirstPledgee(all, object);
      if (party.empty()) party = PartyOf("bank");
      break;
    case Whose::kRequester:
      party = registry::FindRequest(all, object)->requester();
      break;
    case Whose::kLicensor:
      party = LicenceAt(all, object).licensor();
      break;
    case Whose::kLicensee:
      party = LicenceAt(all, object).licensee();
      break;
    case Whose::kPrincipal:
      party = all.attorneys.at(object).principal();
      break;
  }
  RegistryFixture::Signers by = {party.empty() ? "enterprise" : KeyOf(party)};
  const auto* sheet = LicensedSheet(all, act, object);
  if (sheet == nullptr) return by;
  for (const std::string& pledgee : registry::PledgeesOf(all, *sheet)) {
    if (KeyOf(pledgee) != by[0]) by.push_back(KeyOf(pledgee));
  }
  if (act.body != v1::Command::kChangeLicence) return by;
  const v1::Licence& licence = LicenceAt(all, object);
  const std::string licensee = KeyOf(licence.licensee());
  if (licence.confirmed_at_ms() != 0 &&
      std::find(by.begin(), by.end(), licensee) == by.end()) {
    by.push_back(licensee);
  }
  return by;
}

}  // namespace dataip::testing
