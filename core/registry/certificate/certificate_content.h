// What every issuer of a certificate does alike: numbers, content, status
// records, overlays, and the sheet that takes the place of another one. For
// registrations, granted requests, corrections and imports.
#pragma once

#include <set>
#include <string>

#include "absl/strings/string_view.h"
#include "core/registry/state/case.h"
#include "core/registry/state/due.h"
#include "core/registry/state/refusal.h"
#include "core/registry/state/state.h"

namespace dataip::registry {

// A certificate and a registration number are left; `field` names what asked.
MaybeRefusal CheckNumbersLeft(const Case& a_case, absl::string_view field);
// Of the next certificate, decided today; passes over numbers that an imported
// certificate brought along. CheckNumbersLeft has passed.
std::string NextCertificateNumber(const Case& a_case);
// Of the next registration; source and kind digits from these.
std::string NextRegistrationNumber(
    const Case& a_case, const std::set<v1::SourceCategory>& categories,
    v1::PartyKind primary_kind);

// As the party stands now; a natural person by masked name and commitment.
v1::Holder HolderOf(const State& state, const std::string& party_number,
                    uint32_t share_bp);
// Industry and region with their names in the tables in force.
void SetIndustry(const State& state, const std::string& code,
                 v1::CertificateContent& content);
void SetRegion(const State& state, const std::string& code,
               v1::CertificateContent& content);
// Origin, issuing keys, demonstration.
void SetIssuer(const State& state, v1::CertificateContent& content);

bool IsHolder(const v1::Certificate& certificate, absl::string_view party);

// Version 1, VALID, for the serialised content.
v1::StatusRecord FirstStatus(const Case& a_case, const std::string& number,
                             const std::string& content);
// The record after the current one: its version, time and link are set, the
// rest is as it was for the caller to change.
v1::StatusRecord NextStatus(const Case& a_case,
                            const v1::Certificate& certificate);

bool HasOverlay(const v1::StatusRecord& record, v1::OverlayKind kind);
// Adds one where the order of kind, rank and commitment wants it.
void AddOverlay(v1::StatusRecord& record, v1::Overlay overlay);
// Takes out the first of the kind with this commitment (any when empty) and
// this rank; says whether there was one.
bool RemoveOverlay(v1::StatusRecord& record, v1::OverlayKind kind,
                   uint32_t rank, absl::string_view commitment);
// That it ends: `state` is CANCELLED, REVOKED or EXPIRED. Its licences end with
// it, and their overlays go.
void SetEnded(v1::CertificateState state, v1::StatusRecord& record);
// Commitment of the serialised `record` with the salt.
v1::Overlay OverlayOf(v1::OverlayKind kind, uint32_t rank,
                      const std::string& salt, const std::string& record);

// Appends StatusChanged.
void AppendStatus(const v1::StatusRecord& record, Events& events);
// Appends CertificateIssued with a first status record.
void AppendIssued(const Case& a_case, const v1::CertificateContent& content,
                  Events& events);
// The sheet that takes the place of `before`: gives `content` (made from that
// of `before`) its number, `replaces` and issuer, and appends CertificateIssued
// with the overlays carried over, CertificateAnnounced and the StatusChanged of
// the one before (REPLACED, replaced_by, no overlays). Answers the number. Ask
// CheckNumbersLeft first.
std::string AppendNewSheet(const Case& a_case, const v1::Certificate& before,
                           v1::CertificateContent content, Events& events);

// Fields of a change (C1, C10): checks them against the certificate and puts
// them into `content`, which starts as its content. Refuses when nothing is
// asked or nothing differs; under C1 the data only grow. Looks at no day.
// `field` names the message in the command, `rule` is C1 or C10.
MaybeRefusal ApplyChange(const Case& a_case, const v1::Certificate& before,
                         const v1::ChangeRequest& change,
                         absl::string_view field, absl::string_view rule,
                         v1::CertificateContent& content);

// When its term ends: the end of its last day, later by the grace of its
// profile if that has one.
Due ExpiryOf(const State& state, const v1::Certificate& certificate);

}  // namespace dataip::registry
