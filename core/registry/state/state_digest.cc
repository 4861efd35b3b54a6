// Digest of a state: every part with its length before it, in the order of
// the containers, under SHA-256.
#include <string>

#include "core/base/hex.h"
#include "core/registry/state/state.h"
#include "core/registry/values/canonical.h"

namespace dataip::registry {
namespace {

class StateDigest {
 public:
  void Number(uint64_t value) {
    std::array<uint8_t, 8> bytes{};
    for (size_t i = 0; i < bytes.size(); ++i) {
      bytes[i] = static_cast<uint8_t>(value >> (56 - 8 * i));
    }
    stream_.Update(bytes);
  }

  void Text(std::string_view text) {
    Number(text.size());
    stream_.Update(hash::AsBytes(text));
  }

  void Message(const google::protobuf::Message& message) {
    Text(SerializeCanonical(message));
  }

  void Sum(const Realised& realised) {
    Number(static_cast<uint64_t>(realised.fen));
    Number(realised.events);
  }

  template <typename Map>
  void Messages(const Map& map) {
    Number(map.size());
    for (const auto& [name, message] : map) {
      Text(name);
      Message(message);
    }
  }

  template <typename Set>
  void Words(const Set& set) {
    Number(set.size());
    for (const auto& word : set) Text(word);
  }

  template <typename Map>
  void Names(const Map& map) {
    Number(map.size());
    for (const auto& [from, to] : map) {
      Text(from);
      Text(to);
    }
  }

  std::string Finish() { return base::HexEncode(stream_.Finish().span()); }

 private:
  hash::Sha256Stream stream_;
};

void AddRegistry(const State& state, StateDigest& digest) {
  digest.Text(state.origin);
  digest.Number(state.opened ? 1 : 0);
  digest.Message(state.registry);
  digest.Number(static_cast<uint64_t>(state.last_decided_at_ms));
  digest.Number(static_cast<uint64_t>(state.clock_ms));
  digest.Number(state.tables.size());
  for (const auto& [name, table] : state.tables) {
    digest.Text(name);
    digest.Text(table.sha256.text());
    digest.Number(table.version);
  }
  digest.Number(state.keys.size());
  for (const auto& [key_id, key] : state.keys) {
    digest.Text(key_id);
    digest.Text(key.actor);
  }
  for (uint64_t counter :
       {state.counters.parties, state.counters.applications,
        state.counters.certificates, state.counters.registrations,
        state.counters.licences, state.counters.drafts,
        state.counters.attorneys, state.counters.objections,
        state.counters.requests, state.counters.pledges,
        state.counters.revocations, state.counters.freezes,
        state.counters.batches}) {
    digest.Number(counter);
  }
}

void AddApplications(const State& state, StateDigest& digest) {
  digest.Messages(state.officers);
  digest.Messages(state.parties);
  digest.Names(state.usccs);
  digest.Messages(state.applications);
  digest.Number(state.references.size());
  for (const auto& [primary, numbers] : state.references) {
    digest.Text(primary);
    digest.Number(numbers.size());
    for (const auto& [reference, number] : numbers) {
      digest.Text(reference);
      digest.Text(number);
    }
  }
  digest.Number(state.due.size());
  for (const Due& due : state.due) {
    digest.Number(static_cast<uint64_t>(due.at_ms));
    digest.Number(static_cast<uint64_t>(due.kind));
    digest.Text(due.key);
  }
  digest.Words(state.provisional);
  digest.Number(state.withdrawn_at_ms.size());
  for (const auto& [number, at_ms] : state.withdrawn_at_ms) {
    digest.Text(number);
    digest.Number(static_cast<uint64_t>(at_ms));
  }
  digest.Number(state.stretches.size());
  for (const auto& [number, stretch] : state.stretches) {
    digest.Text(number);
    digest.Number(static_cast<uint64_t>(stretch.kind));
    digest.Number(static_cast<uint64_t>(stretch.since_ms));
  }
}

void AddProfiles(const State& state, StateDigest& digest) {
  digest.Number(state.profiles.size());
  for (const auto& [sha256, profile] : state.profiles) digest.Text(sha256);
  digest.Number(state.adoptions.size());
  for (const Adoption& adoption : state.adoptions) {
    digest.Text(FormatDate(adoption.effective_from));
    digest.Message(adoption.profile);
  }
}

// What follows from the messages in it (indices) is left out.
void AddCases(const State& state, StateDigest& digest) {
  digest.Messages(state.drafts);
  digest.Messages(state.attorneys);
  digest.Messages(state.objections);
  digest.Messages(state.requests);
  digest.Messages(state.revocations);
  digest.Messages(state.freezes);
  digest.Names(state.freeze_overlays);
  digest.Words(state.annulled);
  digest.Messages(state.pledges);
  digest.Names(state.licence_overlays);
  digest.Number(state.overlays_over_ms.size());
  for (const auto& [commitment, over_ms] : state.overlays_over_ms) {
    digest.Text(commitment);
    digest.Number(static_cast<uint64_t>(over_ms));
  }
  digest.Names(state.aliases);
}

void AddCertificates(const State& state, StateDigest& digest) {
  digest.Messages(state.certificates);
  digest.Names(state.registration_numbers);
  digest.Number(state.licences.size());
  for (const auto& [number, licence] : state.licences) {
    digest.Text(number);
    digest.Message(licence.licence);
    digest.Sum(licence.realised);
    digest.Number(licence.usage.size());
    for (const auto& [key, entry] : licence.usage) {
      digest.Message(entry.counted);
      digest.Number(entry.reversed ? 1 : 0);
    }
  }
  for (const auto* values :
       {&state.value_of_certificate, &state.value_of_party}) {
    digest.Number(values->size());
    for (const auto& [subject, realised] : *values) {
      digest.Text(subject);
      digest.Sum(realised);
    }
  }
  digest.Sum(state.value_total);
}

}  // namespace

std::string Digest(const State& state) {
  StateDigest digest;
  AddRegistry(state, digest);
  AddProfiles(state, digest);
  AddApplications(state, digest);
  AddCases(state, digest);
  AddCertificates(state, digest);
  digest.Number(state.commands.size());
  for (const auto& decided : state.commands.All()) {
    digest.Text(decided.actor);
    digest.Text(decided.command_id);
    digest.Text(decided.sha256.text());
  }
  digest.Number(state.erased.size());
  for (const auto& [index, substitute_sha256] : state.erased) {
    digest.Number(index);
    digest.Text(substitute_sha256.text());
  }
  digest.Words(state.erased_openings);
  return digest.Finish();
}

}  // namespace dataip::registry
