// Certificates that end soon.
#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "core/registry/certificate/certificate_content.h"
#include "core/registry/queue/queue.h"
#include "core/registry/state/profiles.h"

namespace dataip::registry {
namespace {

// Of certificates that may still be valid.
std::set<std::string> WithOpenRenewal(const State& state) {
  std::set<std::string> numbers;
  for (const std::string& number : state.open_requests) {
    const v1::CertificateRequest& request = state.requests.at(number);
    if (request.body().has_renewal()) {
      numbers.insert(request.certificate_number());
    }
  }
  return numbers;
}

// Months from the first day on which some certificate can be renewed to the
// instant at which the clock ends it.
int LongestWindow(const State& state) {
  uint32_t months = 0;
  for (const auto& [sha256, values] : state.profiles) {
    months = std::max(months, values->Months(kRenewalWindow).value_or(0) +
                                  values->Months(kRenewalGrace).value_or(0));
  }
  return static_cast<int>(months) + 1;
}

}  // namespace

std::vector<ExpiringCertificate> ExpiringCertificates(const State& state,
                                                      absl::string_view party,
                                                      const CivilDate& today) {
  std::vector<ExpiringCertificate> expiring;
  // The clock owes the expiry of each that is valid, but for those with an
  // open renewal.
  std::set<std::string> valid = WithOpenRenewal(state);
  const int64_t begin_ms = StartOfDayMs(today);
  const int64_t end_ms = EndOfDayMs(AddMonths(today, LongestWindow(state)));
  for (auto due = state.due.lower_bound({begin_ms, DueKind{}, ""});
       due != state.due.end() && due->at_ms <= end_ms; ++due) {
    if (due->kind == DueKind::kExpiry) valid.insert(due->key);
  }
  for (const std::string& number : valid) {
    const v1::Certificate& certificate = state.certificates.at(number);
    if (certificate.status().state() != v1::VALID) continue;
    if (!party.empty() && !IsHolder(certificate, party)) continue;
    const auto end = ParseDate(certificate.content().valid_to());
    const Profile* values = ValuesOf(
        state, certificate.profile().sha256().empty() ? ProfileOn(state, today)
                                                      : certificate.profile());
    if (!end.has_value() || values == nullptr) continue;
    const auto months = values->Months(kRenewalWindow);
    if (!months.ok()) continue;
    const CivilDate from = AddMonths(*end, -static_cast<int>(*months));
    if (today < from) continue;
    expiring.push_back(
        {number, *end, from, DayNumber(*end) - DayNumber(today)});
  }
  std::stable_sort(
      expiring.begin(), expiring.end(),
      [](const auto& a, const auto& b) { return a.valid_to < b.valid_to; });
  return expiring;
}

}  // namespace dataip::registry
