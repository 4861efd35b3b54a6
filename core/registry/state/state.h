// The registry's state: what the events so far have made of it. A value:
// copies are independent. Ordered containers only, so that nothing depends on
// addresses or hashing. One writer (Fold); readers must not overlap with it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/strings/string_view.h"
#include "core/crypto/key.h"
#include "core/hash/hash.h"
#include "core/registry/state/decided_commands.h"
#include "core/registry/state/due.h"
#include "core/registry/state/time_spent.h"
#include "core/registry/tables/calendar.h"
#include "core/registry/tables/profile.h"
#include "core/registry/tables/tables.h"
#include "core/registry/values/civil_date.h"
#include "core/registry/values/name_index.h"
#include "dataip/registry/v1/application.pb.h"
#include "dataip/registry/v1/attorney.pb.h"
#include "dataip/registry/v1/certificate.pb.h"
#include "dataip/registry/v1/certificate_order.pb.h"
#include "dataip/registry/v1/certificate_request.pb.h"
#include "dataip/registry/v1/draft.pb.h"
#include "dataip/registry/v1/licence.pb.h"
#include "dataip/registry/v1/objection.pb.h"
#include "dataip/registry/v1/party.pb.h"
#include "dataip/registry/v1/table.pb.h"
#include "dataip/registry/v1/usage.pb.h"

namespace dataip::registry {

template <typename T>
using ByName = std::map<std::string, T, std::less<>>;

// Actors that are neither party nor officer.
inline constexpr char kRootActor[] = "root";
inline constexpr char kClockActor[] = "clock";
// Holder of the issuing keys; it signs no command.
inline constexpr char kIssuingActor[] = "issuing";
inline constexpr char kOfficerPrefix[] = "officers/";

// A key and whose it is: a party number, `officers/<id>`, `root`, `clock` or
// `issuing`. Parsed once, so that checking a signature does not parse it.
struct EnrolledKey {
  std::string actor;
  crypto::PublicKey key;
};

// A table in force.
struct LoadedTable {
  hash::Hash sha256;
  uint32_t rows = 0;
  uint64_t version = 0;
};

// Sum of usage, exact; `events` counts reversals too.
struct Realised {
  int64_t fen = 0;
  uint64_t events = 0;
};

// One usage event as counted.
struct UsageEntry {
  v1::CountedUsage counted;
  bool reversed = false;
};

// (source, id) of a usage event.
using UsageKey = std::pair<std::string, std::string>;

// A licence with its usage.
struct LicenceState {
  v1::Licence licence;
  std::map<UsageKey, UsageEntry> usage;
  Realised realised;
};

struct Counters {
  uint64_t parties = 0;
  uint64_t applications = 0;
  uint64_t certificates = 0;
  uint64_t registrations = 0;
  uint64_t licences = 0;
  uint64_t drafts = 0;
  uint64_t attorneys = 0;
  uint64_t objections = 0;
  uint64_t requests = 0;
  uint64_t pledges = 0;
  uint64_t revocations = 0;
  uint64_t freezes = 0;
  uint64_t batches = 0;
};

// A version of a profile that comes or came into force on a day.
struct Adoption {
  CivilDate effective_from;
  v1::ProfileRef profile;
};

struct State {
  // Origin of the ledger. Set it before anything else is done with a new
  // state; everything below comes from events.
  std::string origin;

  // OpenRegistry was decided.
  bool opened = false;
  v1::OpenRegistry registry;
  std::string issuing_sm2_key_id;
  std::string issuing_p256_key_id;

  // Time of the last decision, Unix ms; 0 before the first.
  int64_t last_decided_at_ms = 0;
  // The simulated clock of a demonstration, Unix ms; 0 otherwise.
  int64_t clock_ms = 0;

  // Tables in force by name, and those that rules read, parsed (shared by
  // copies of the state, never changed). Null until loaded.
  ByName<LoadedTable> tables;
  std::shared_ptr<const Calendar> calendar;
  std::shared_ptr<const CodeTable> industries;
  std::shared_ptr<const CodeTable> regions;
  std::shared_ptr<const Profile> profile;  // registry.profile_id's first

  // Every version of every profile that was loaded, by its digest (32 bytes).
  ByName<std::shared_ptr<const Profile>> profiles;
  // In order of their days; the first one holds from the beginning.
  std::vector<Adoption> adoptions;

  ByName<EnrolledKey> keys;              // by key id
  ByName<v1::Officer> officers;          // by officer id (without `officers/`)
  ByName<v1::Party> parties;             // by party number
  ByName<std::string> usccs;             // GB 32100 code -> party number
  ByName<v1::Application> applications;  // by application number
  // Party number of the primary applicant -> its reference -> number.
  absl::btree_map<std::string, absl::btree_map<std::string, std::string>>
      references;
  // What the clock owes, the earliest first.
  std::set<Due> due;
  // Applications, objections and revocations with a deadline that is
  // provisional.
  std::set<std::string, std::less<>> provisional;

  // Numbers of what is open, for the queues: they do not look at the rest.
  std::set<std::string, std::less<>> open_applications;
  // Party number -> those of them in which it applies or is the agent.
  ByName<std::set<std::string>> open_applications_of;
  std::set<std::string, std::less<>> open_drafts;
  std::set<std::string, std::less<>> open_requests;
  std::set<std::string, std::less<>> open_revocations;
  // Neither confirmed by the licensee nor ended.
  std::set<std::string, std::less<>> unconfirmed_licences;
  // Application number -> when it was withdrawn, Unix ms.
  ByName<int64_t> withdrawn_at_ms;

  // Application number -> what runs outside the registry; open ones only.
  ByName<OpenStretch> stretches;

  ByName<v1::Draft> drafts;               // by draft number
  ByName<v1::PowerOfAttorney> attorneys;  // by its number
  // (principal, agent) -> numbers of powers.
  std::map<std::pair<std::string, std::string>, std::vector<std::string>>
      attorneys_between;
  ByName<v1::Objection> objections;  // by objection number
  // Application number -> numbers of the objections to it that were dismissed.
  ByName<std::set<std::string>> dismissed_objections;
  ByName<v1::CertificateRequest> requests;  // by request number
  ByName<v1::Revocation> revocations;       // by its number
  ByName<v1::Freeze> freezes;               // those in force, by number
  // Number of a freeze in force -> commitment of its overlay.
  ByName<std::string> freeze_overlays;
  // Registrations revoked as if they had never been, by their numbers.
  std::set<std::string, std::less<>> annulled;
  ByName<v1::Pledge> pledges;  // those in force, by number
  // Number of a licence that lies on its certificate -> commitment of its
  // overlay.
  ByName<std::string> licence_overlays;
  // Commitment of an overlay that its last day took off -> when that was over,
  // Unix ms: the clock may have come to it later.
  ByName<int64_t> overlays_over_ms;
  // Number of an older sheet or system -> number of the certificate now.
  ByName<std::string> aliases;
  // For the search for duplicates: digest of the file, of the field table, and
  // (primary applicant, series) -> application numbers, or their serials.
  absl::btree_map<hash::Hash, std::set<std::string>> applications_of_file;
  ByName<Serials> applications_of_schema;
  std::map<std::pair<std::string, std::string>, std::set<std::string>>
      applications_of_series;
  NameIndex names;

  ByName<v1::Certificate> certificates;      // by certificate number
  ByName<std::string> registration_numbers;  // -> certificate number
  ByName<LicenceState> licences;             // by licence number
  // Certificate number -> its licence numbers.
  ByName<std::vector<std::string>> licences_of;

  ByName<Realised> value_of_certificate;
  ByName<Realised> value_of_party;  // of the licensor
  Realised value_total;

  Counters counters;

  // Index of an entry ordered erased -> SHA-256 of its substitute.
  std::map<uint64_t, hash::Hash> erased;
  // Commitments (32 bytes) whose openings were ordered erased.
  std::set<std::string, std::less<>> erased_openings;

  // With the SHA-256 of the command; for an entry ordered erased, of the
  // substitute's.
  DecidedCommands commands;
};

// Whether profile, calendar, industries and regions are all loaded.
bool HasAllTables(const State& state);

// Null when there is none.
const v1::Party* FindParty(const State& state, absl::string_view number);
// By number or by GB 32100 code.
const v1::Party* FindPartyByAny(const State& state,
                                absl::string_view number_or_uscc);
const v1::Officer* FindOfficer(const State& state, absl::string_view actor);
const v1::Application* FindApplication(const State& state,
                                       absl::string_view application_no);
// Number of the application with this reference of the primary applicant's.
const std::string* FindReference(const State& state, absl::string_view primary,
                                 absl::string_view reference);
// Numbers of the applications with this data file (its SHA-256), ascending;
// those that have ended too.
const std::set<std::string>* FindOfFile(const State& state,
                                        absl::string_view file_sha256);
// By certificate number, registration number or alias.
const v1::Certificate* FindCertificate(const State& state,
                                       absl::string_view number);
const LicenceState* FindLicence(const State& state,
                                absl::string_view licence_no);

// Neither registered nor ended without a registration.
bool IsOpen(const v1::Application& application);

const v1::Draft* FindDraft(const State& state, absl::string_view draft_no);
const v1::Objection* FindObjection(const State& state,
                                   absl::string_view objection_no);
const v1::CertificateRequest* FindRequest(const State& state,
                                          absl::string_view request_no);
const v1::Revocation* FindRevocation(const State& state,
                                     absl::string_view revocation_no);

// Lowercase hex SHA-256 over everything in the state: two states are equal
// exactly when their digests are.
std::string Digest(const State& state);

}  // namespace dataip::registry
