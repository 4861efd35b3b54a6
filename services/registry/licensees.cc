#include "services/registry/licensees.h"

#include "core/registry/certificate/certificate_orders.h"
#include "core/registry/values/canonical.h"

namespace dataip::registryd {
namespace {

using registry::State;

enum class Licences { kRunning, kAll };

std::set<std::string> LicenseesOf(const State& state, const std::string& number,
                                  Licences which) {
  std::set<std::string> licensees;
  const v1::Certificate* sheet = registry::NewestSheet(state, number);
  if (sheet == nullptr) return licensees;
  const auto licences = state.licences_of.find(sheet->number());
  if (licences == state.licences_of.end()) return licensees;
  for (const std::string& licence_no : licences->second) {
    const auto* found = registry::FindLicence(state, licence_no);
    const bool told = which == Licences::kAll ||
                      state.licence_overlays.count(licence_no) != 0;
    if (found != nullptr && told) licensees.insert(found->licence.licensee());
  }
  licensees.erase("");
  return licensees;
}

std::set<std::string> OfRequest(const State& before,
                                const std::string& request_no) {
  const auto* request = registry::FindRequest(before, request_no);
  if (request == nullptr ||
      !(request->body().has_transfer() || request->body().has_cancellation())) {
    return {};
  }
  return LicenseesOf(before, request->certificate_number(), Licences::kRunning);
}

std::set<std::string> OfStatus(const State& before, const std::string& bytes) {
  const auto record = registry::ParseCanonical<v1::StatusRecord>(bytes);
  if (!record.ok() || record->state() == v1::VALID) return {};
  return LicenseesOf(
      before, record->number(),
      record->state() == v1::REVOKED ? Licences::kAll : Licences::kRunning);
}

}  // namespace

std::set<std::string> LicenseesToldOf(const State& before,
                                      const v1::Event& event) {
  if (event.has_request_granted()) {
    return OfRequest(before, event.request_granted().request_no());
  }
  if (event.has_status_changed()) {
    return OfStatus(before, event.status_changed().status_record());
  }
  if (!event.has_certificate_revoked()) return {};
  const auto* revocation = registry::FindRevocation(
      before, event.certificate_revoked().revocation_no());
  if (revocation == nullptr) return {};
  return LicenseesOf(before, revocation->certificate_number(), Licences::kAll);
}

}  // namespace dataip::registryd
