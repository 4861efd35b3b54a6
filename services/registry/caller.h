// Who reads, and what it may see (docs/RULES.md, 5.5): officers and root
// everything, a party its own, its agents what a power that holds today
// covers, others the public part.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "absl/strings/string_view.h"
#include "core/registry/state/state.h"
#include "core/registry/values/civil_date.h"

namespace dataip::registryd {

namespace v1 = ::dataip::registry::v1;

// A reader as its TLS certificate names it; nobody without one. A value.
struct Caller {
  std::optional<std::string> actor;
  // The real clock when it asked, Unix ms: powers hold on the registry's day.
  int64_t now_ms = 0;
};

// The registry's day, in Shanghai: a demonstration's, else the real one.
registry::CivilDate TodayOf(const registry::State& state, int64_t now_ms);

// Whether it is root or an officer of this registry.
bool SeesAll(const Caller& caller, const registry::State& state);
// Whether it is this party.
bool IsParty(const Caller& caller, absl::string_view party_number);

// What a power of attorney must cover for its agent to see, or to hear of, an
// object: one of the acts, on that object. Reads and the feed ask it alike.
struct Matter {
  std::span<const v1::AttorneyAct> acts;  // none: no agent
  std::string object;                     // empty for what has no number yet
};

// Of an object by its number (of an application, draft, objection, request,
// revocation, freeze, pledge, licence, batch, power or certificate), as
// `party` has its part in it: an objector's agents need another act than an
// applicant's. Of one that is over and gone from the state only powers over
// all objects count.
Matter MatterOf(const registry::State& state, absl::string_view object_no,
                absl::string_view party);

// Whether it is the party, or may act for it today in one of the acts.
bool StandsFor(const Caller& caller, const registry::State& state,
               absl::string_view party, const Matter& matter);

// Its applicants, agents with a power to file, correct, withdraw or answer,
// and the agent that filed it until its powers are revoked.
bool SeesApplication(const Caller& caller, const registry::State& state,
                     const v1::Application& application);
// Whether a public notice of it was ever opened.
bool IsNoticed(const v1::Application& application);
// The application without what is not public (rules 5.4): from the notice on
// states, times and grounds stay, and of its form what the frozen snapshot of
// the notice shows, sources in the form's order; before it number, state and
// times.
v1::Application PublicPart(const registry::State& state,
                           const v1::Application& application);

// Licensor and licensee, and their agents for licences.
bool SeesLicence(const Caller& caller, const registry::State& state,
                 const v1::Licence& licence);
// Without price and contract.
v1::Licence PublicPart(const v1::Licence& licence);

// Applicants, and their agents for filing.
bool SeesDraft(const Caller& caller, const registry::State& state,
               const v1::Draft& draft);
// Principal and agent.
bool SeesAttorney(const Caller& caller, const registry::State& state,
                  const v1::PowerOfAttorney& power);

enum class ObjectionPart {
  kNone,
  kThatThereIsOne,  // number, state and times
  kWhole,
};
// The objector and its agents see it whole; who sees the application does from
// the forwarding on, and before it that there is one.
ObjectionPart SeesObjection(const Caller& caller, const registry::State& state,
                            const v1::Objection& objection);
// As much of it; kNone is empty.
v1::Objection PartOf(const v1::Objection& objection, ObjectionPart part);

// The requester, those who must consent, the holders of its certificate, and
// their agents for certificates.
bool SeesRequest(const Caller& caller, const registry::State& state,
                 const v1::CertificateRequest& request);

// Whether both numbers are of sheets of one registration.
bool IsSameRegistration(const registry::State& state, absl::string_view one,
                        absl::string_view other);
// Holders, the pledgees of pledges in force, and their agents for
// certificates.
bool SeesEncumbrances(const Caller& caller, const registry::State& state,
                      const v1::Certificate& certificate);

// The record that a certificate was imported from: holders and their agents
// for certificates.
bool SeesImport(const Caller& caller, const registry::State& state,
                const v1::Certificate& certificate);

}  // namespace dataip::registryd
