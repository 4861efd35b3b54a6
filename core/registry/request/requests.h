// What holders ask for their certificates (rules 2.3, C1 to C6 and C10): who
// may ask, who must consent, and what stands against it. The same is asked at
// filing and again at the grant, for a certificate may have changed between.
#pragma once

#include <initializer_list>
#include <optional>
#include <set>
#include <string>

#include "absl/strings/string_view.h"
#include "core/registry/state/case.h"
#include "core/registry/state/refusal.h"
#include "core/registry/state/state.h"

namespace dataip::registry {

// A request at its certificate. `field` is where its body stands in messages.
struct Asked {
  const v1::Certificate& certificate;
  const v1::RequestBody& body;
  std::string field;
  bool granting = false;
  // Day of the filing, when granting; else it is today.
  std::optional<CivilDate> filed_on = std::nullopt;
};

// `C1` and so on; empty for a body that is not set.
absl::string_view RuleOf(const v1::RequestBody& body);

// Party numbers.
std::set<std::string> HoldersOf(const v1::Certificate& certificate);
// Of the pledges in force.
std::set<std::string> PledgeesOf(const State& state,
                                 const v1::Certificate& certificate);
// Who may file it.
std::set<std::string> MayAsk(const Case& a_case, const Asked& asked);
// Who must consent besides the requester.
std::set<std::string> MustConsent(const Case& a_case, const Asked& asked,
                                  const std::string& requester);

// State of the certificate, freeze, pledge, open revocation, end of its term.
MaybeRefusal CheckNothingAgainst(const Case& a_case, const Asked& asked);
// The body: shape, and what its rule says.
MaybeRefusal CheckBody(const Case& a_case, const Asked& asked);

// What the actor may do for one of the principals, by the certificate's number
// or that of its registration; empty when for none.
std::string PrincipalOf(const Case& a_case, const v1::Certificate& certificate,
                        const std::set<std::string>& principals,
                        v1::AttorneyAct act);
// Who might have acted, and in what.
struct Principals {
  const std::set<std::string>& parties;
  v1::AttorneyAct act = v1::ATTORNEY_ACT_UNSPECIFIED;
  absl::string_view rule;
  // Whether it is no secret that these are the ones; then those that hold the
  // certificate are named, which everybody may know.
  bool open = false;
};
// The refusal when PrincipalOf is empty.
Refusal NotPrincipal(const Case& a_case, const v1::Certificate& certificate,
                     const Principals& principals);

// Content of the new sheet that a body asks for, made from that of the present
// one; CheckBody has passed. Bodies that ask for none leave it as it is.
v1::CertificateContent NewContent(const Case& a_case, const Asked& asked);
bool AsksForNewSheet(const v1::RequestBody& body);

// The pledge as a change (C5) makes it.
v1::Pledge ChangedPledge(const v1::PledgeRequest& wanted,
                         const v1::Pledge& before);

// The request exists, has the command's version and is in one of the states.
MaybeRefusal CheckRequest(const Case& a_case, const std::string& request_no,
                          std::initializer_list<v1::RequestState> in);

// The last day that a renewal can reach; C3.
CivilDate RenewedTo(const Case& a_case, const Asked& asked);

}  // namespace dataip::registry
