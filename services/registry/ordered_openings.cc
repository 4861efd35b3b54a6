#include "services/registry/ordered_openings.h"

#include <algorithm>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "core/hash/hash.h"
#include "services/common/error.h"
#include "services/registry/openings.h"

namespace dataip::registryd {
namespace {

template <typename Map>
void TakeFrom(const Map& map, std::set<std::string>& known) {
  for (const auto& [number, one] : map) {
    for (FoundCommitment& found : CommitmentsIn(one)) {
      known.insert(std::move(found.digest));
    }
  }
}

std::set<std::string> KnownIn(const registry::State& state) {
  std::set<std::string> known;
  TakeFrom(state.applications, known);
  TakeFrom(state.drafts, known);
  TakeFrom(state.objections, known);
  TakeFrom(state.requests, known);
  TakeFrom(state.revocations, known);
  TakeFrom(state.freezes, known);
  TakeFrom(state.attorneys, known);
  TakeFrom(state.parties, known);
  return known;
}

absl::Status Unknown(int position) {
  rpc::v1::FieldViolation violation;
  violation.set_field(
      absl::StrCat("erase_openings.commitments[", position, "]"));
  violation.set_rule("OPENINGS");
  violation.set_clause("5.4");
  violation.set_message_en(
      "the registry knows no such commitment; check the digest");
  violation.set_message_zh("登记机构没有此项承诺,请核对摘要");
  return services::MakeStatus(
      rpc::v1::NOT_FOUND,
      {absl::StrCat(violation.field(), ": ", violation.message_en()),
       absl::StrCat(violation.field(), "：", violation.message_zh())},
      {violation});
}

}  // namespace

absl::Status CheckOrderedOpenings(const v1::Command& command,
                                  const Acknowledged& acknowledged,
                                  const Store& store) {
  std::set<std::string> in_state;
  bool walked = false;
  const auto& commitments = command.erase_openings().commitments();
  for (int i = 0; i < commitments.size(); ++i) {
    const auto digest = Hash::From(hash::AsBytes(commitments[i]));
    if (!digest.has_value()) continue;  // refused by Decide
    const absl::Status stored = store.GetOpening(*digest).status();
    // A damaged record is one that can be erased.
    if (!absl::IsNotFound(stored)) continue;
    if (!walked) in_state = KnownIn(acknowledged.Copy());
    walked = true;
    if (in_state.count(commitments[i]) == 0) return Unknown(i);
  }
  return absl::OkStatus();
}

bool OrdersPurge(const Outcome& outcome) {
  return !outcome.header.empty() &&
         std::any_of(outcome.events.begin(), outcome.events.end(),
                     [](const v1::Event& event) {
                       return event.has_openings_erased();
                     });
}

}  // namespace dataip::registryd
