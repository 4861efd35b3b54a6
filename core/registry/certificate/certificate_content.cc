#include "core/registry/certificate/certificate_content.h"

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/crypto/command_signature.h"
#include "core/registry/state/profiles.h"
#include "core/registry/values/canonical.h"
#include "core/registry/values/number_scheme.h"

namespace dataip::registry {
namespace {

// 1 personal, 2 enterprise, 3 public, 4 several (rules 3.1).
char SourceDigit(const std::set<v1::SourceCategory>& categories) {
  if (categories.size() != 1) return '4';
  return static_cast<char>('0' + *categories.begin());
}

auto OrderOf(const v1::Overlay& overlay) {
  return std::make_tuple(static_cast<int>(overlay.kind()), overlay.rank(),
                         absl::string_view(overlay.commitment()));
}

SerialsGiven LastGiven(const Case& a_case) {
  const Counters& counters = a_case.state.counters;
  const SerialsGiven& before = a_case.given_before;
  return {std::max(counters.certificates, before.certificates),
          std::max(counters.registrations, before.registrations)};
}

// A number of an older system may look like one of ours that is not given yet.
bool IsTaken(const Case& a_case, const std::string& number) {
  const auto& legacy =
      a_case.command.import_certificate().provenance().legacy_numbers();
  return FindCertificate(a_case.state, number) != nullptr ||
         std::find(legacy.begin(), legacy.end(), number) != legacy.end();
}

NumberScheme SchemeOf(const Case& a_case) {
  const auto registry_code = a_case.values->Text(kRegistryCode);
  return {registry_code.ok() ? *registry_code : "0000"};
}

// Over kSerial7 when none is left.
uint64_t NextCertificateSerial(const Case& a_case) {
  const NumberScheme scheme = SchemeOf(a_case);
  uint64_t serial = LastGiven(a_case).certificates + 1;
  while (serial <= kSerial7 &&
         IsTaken(a_case, scheme.CertificateNumber(a_case.today(), serial))) {
    ++serial;
  }
  return serial;
}

std::string DigestOf(const std::string& bytes) {
  return std::string(hash::Sha256(hash::AsBytes(bytes)).text());
}

}  // namespace

MaybeRefusal CheckNumbersLeft(const Case& a_case, absl::string_view field) {
  if (NextCertificateSerial(a_case) <= kSerial7 &&
      LastGiven(a_case).registrations < kSerial9) {
    return std::nullopt;
  }
  return Refuse(rpc::v1::RULE_REFUSES,
                {std::string(field), "NUMBERS", "证书编号或登记号已用尽",
                 "no certificate or registration number is left", ""});
}

std::string NextCertificateNumber(const Case& a_case) {
  return SchemeOf(a_case).CertificateNumber(a_case.today(),
                                            NextCertificateSerial(a_case));
}

std::string NextRegistrationNumber(
    const Case& a_case, const std::set<v1::SourceCategory>& categories,
    v1::PartyKind primary_kind) {
  RegistrationCodes codes;
  codes.source = SourceDigit(categories);
  codes.party_kind = static_cast<char>('0' + primary_kind);
  uint64_t serial = LastGiven(a_case).registrations;
  std::string number;
  do {
    number = RegistrationNumber(a_case.today(), codes, ++serial);
  } while (IsTaken(a_case, number));
  return number;
}

v1::Holder HolderOf(const State& state, const std::string& party_number,
                    uint32_t share_bp) {
  v1::Holder holder;
  holder.set_party_number(party_number);
  holder.set_share_bp(share_bp);
  const v1::Party* party = FindParty(state, party_number);
  if (party == nullptr) return holder;
  const v1::PartyIdentity& identity = party->identity();
  holder.set_kind(identity.kind());
  if (identity.kind() == v1::NATURAL_PERSON) {
    holder.set_masked_name(identity.masked_name());
    *holder.mutable_name_commitment() = identity.name_commitment();
  } else {
    holder.set_name(identity.name());
    holder.set_uscc(identity.uscc());
  }
  return holder;
}

void SetIndustry(const State& state, const std::string& code,
                 v1::CertificateContent& content) {
  content.set_industry_code(code);
  content.set_industry_name(std::string(state.industries->NameOf(code)));
}

void SetRegion(const State& state, const std::string& code,
               v1::CertificateContent& content) {
  content.set_region_code(code);
  content.set_region_name(std::string(state.regions->NameOf(code)));
}

void SetIssuer(const State& state, v1::CertificateContent& content) {
  content.set_origin(state.origin);
  content.set_issuing_sm2_key_id(state.issuing_sm2_key_id);
  content.set_issuing_p256_key_id(state.issuing_p256_key_id);
  content.set_demonstration(state.registry.demonstration());
}

bool IsHolder(const v1::Certificate& certificate, absl::string_view party) {
  const auto& holders = certificate.content().holders();
  return std::any_of(
      holders.begin(), holders.end(),
      [&](const v1::Holder& holder) { return holder.party_number() == party; });
}

v1::StatusRecord FirstStatus(const Case& a_case, const std::string& number,
                             const std::string& content) {
  v1::StatusRecord record;
  record.set_number(number);
  record.set_origin(a_case.state.origin);
  record.set_content_sha256(DigestOf(content));
  record.set_state(v1::VALID);
  *record.mutable_decided_at() = FromUnixMs(a_case.decided_at_ms);
  record.set_version(1);
  record.set_demonstration(a_case.state.registry.demonstration());
  return record;
}

v1::StatusRecord NextStatus(const Case& a_case,
                            const v1::Certificate& certificate) {
  v1::StatusRecord record = certificate.status();
  *record.mutable_decided_at() = FromUnixMs(a_case.decided_at_ms);
  record.set_version(record.version() + 1);
  record.set_previous_sha256(DigestOf(
      certificate.status_records(certificate.status_records_size() - 1)));
  return record;
}

bool HasOverlay(const v1::StatusRecord& record, v1::OverlayKind kind) {
  return std::any_of(
      record.overlays().begin(), record.overlays().end(),
      [kind](const v1::Overlay& overlay) { return overlay.kind() == kind; });
}

void AddOverlay(v1::StatusRecord& record, v1::Overlay overlay) {
  std::vector<v1::Overlay> overlays(record.overlays().begin(),
                                    record.overlays().end());
  overlays.push_back(std::move(overlay));
  std::sort(overlays.begin(), overlays.end(),
            [](const v1::Overlay& a, const v1::Overlay& b) {
              return OrderOf(a) < OrderOf(b);
            });
  record.mutable_overlays()->Assign(overlays.begin(), overlays.end());
}

bool RemoveOverlay(v1::StatusRecord& record, v1::OverlayKind kind,
                   uint32_t rank, absl::string_view commitment) {
  auto& overlays = *record.mutable_overlays();
  const auto found = std::find_if(
      overlays.begin(), overlays.end(), [&](const v1::Overlay& overlay) {
        return overlay.kind() == kind && overlay.rank() == rank &&
               (commitment.empty() || overlay.commitment() == commitment);
      });
  if (found == overlays.end()) return false;
  overlays.erase(found);
  return true;
}

void SetEnded(v1::CertificateState state, v1::StatusRecord& record) {
  record.set_state(state);
  auto& overlays = *record.mutable_overlays();
  overlays.erase(std::remove_if(overlays.begin(), overlays.end(),
                                [](const v1::Overlay& overlay) {
                                  return overlay.kind() == v1::LICENCE;
                                }),
                 overlays.end());
}

v1::Overlay OverlayOf(v1::OverlayKind kind, uint32_t rank,
                      const std::string& salt, const std::string& record) {
  v1::Overlay overlay;
  overlay.set_kind(kind);
  overlay.set_rank(rank);
  overlay.set_commitment(std::string(
      crypto::OpeningCommitment(hash::AsBytes(salt), hash::AsBytes(record))
          .text()));
  return overlay;
}

void AppendStatus(const v1::StatusRecord& record, Events& events) {
  events.emplace_back().mutable_status_changed()->set_status_record(
      SerializeCanonical(record));
}

void AppendIssued(const Case& a_case, const v1::CertificateContent& content,
                  Events& events) {
  v1::CertificateIssued* issued =
      events.emplace_back().mutable_certificate_issued();
  issued->set_content(SerializeCanonical(content));
  issued->set_status_record(SerializeCanonical(
      FirstStatus(a_case, content.number(), issued->content())));
}

std::string AppendNewSheet(const Case& a_case, const v1::Certificate& before,
                           v1::CertificateContent content, Events& events) {
  const std::string number = NextCertificateNumber(a_case);
  content.set_number(number);
  content.set_replaces(before.number());
  SetIssuer(a_case.state, content);
  v1::CertificateIssued* issued =
      events.emplace_back().mutable_certificate_issued();
  issued->set_content(SerializeCanonical(content));
  v1::StatusRecord first = FirstStatus(a_case, number, issued->content());
  *first.mutable_overlays() = before.status().overlays();
  issued->set_status_record(SerializeCanonical(first));
  v1::CertificateAnnounced* announced =
      events.emplace_back().mutable_certificate_announced();
  announced->set_certificate_number(number);
  announced->set_announced_on(FormatDate(a_case.today()));
  v1::StatusRecord last = NextStatus(a_case, before);
  last.set_state(v1::REPLACED);
  last.set_replaced_by(number);
  last.clear_overlays();
  AppendStatus(last, events);
  return number;
}

Due ExpiryOf(const State& state, const v1::Certificate& certificate) {
  Due due;
  due.kind = DueKind::kExpiry;
  due.key = certificate.number();
  const auto last = ParseDate(certificate.content().valid_to());
  if (!last.has_value()) return due;
  int grace = 0;
  if (const Profile* values = ValuesOf(state, certificate.profile())) {
    grace = static_cast<int>(values->Months(kRenewalGrace).value_or(0));
  }
  due.at_ms = EndOfDayMs(grace == 0 ? *last : AddMonths(*last, grace));
  return due;
}

}  // namespace dataip::registry
