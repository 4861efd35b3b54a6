// Lists of reads.h: in the order of the state's maps, a page at a time.
#include <algorithm>

#include "core/base/status_macros.h"
#include "core/registry/certificate/certificate_content.h"
#include "core/registry/party/attorneys.h"
#include "services/common/error.h"
#include "services/registry/list_of.h"
#include "services/registry/reads.h"

namespace dataip::registryd {
namespace {

using registry::State;

v1::ApplicationSummary SummaryOf(const v1::Application& application,
                                 bool sees) {
  const v1::ApplicationForm& form = application.form();
  v1::ApplicationSummary summary;
  summary.set_application_no(application.application_no());
  summary.set_version(application.version());
  summary.set_state(application.state());
  if (sees || IsNoticed(application)) {
    summary.set_name(form.name());
    for (const v1::Applicant& applicant : form.applicants()) {
      if (applicant.primary()) {
        summary.set_party_number(applicant.party_number());
      }
    }
    summary.set_file_sha256(form.deposit().file_sha256());
  }
  if (sees) {
    summary.set_client_reference(form.client_reference());
    summary.set_prepared_from(form.prepared_from());
  }
  summary.set_submitted_at_ms(application.submitted_at_ms());
  summary.set_notice_opened_at_ms(application.notice_opened_at_ms());
  summary.set_notice_due_date(application.notice_deadline().due_date());
  summary.set_registered_at_ms(application.registered_at_ms());
  if (application.state() == v1::CORRECTION_REQUIRED) {
    *summary.mutable_deadline() = application.correction_deadline();
  } else if (application.state() == v1::PUBLICITY &&
             application.remaining_notice_days() == 0) {
    *summary.mutable_deadline() = application.notice_deadline();
  }
  summary.set_certificate_number(application.certificate_number());
  return summary;
}

v1::CertificateSummary SummaryOf(const v1::Certificate& certificate) {
  const v1::CertificateContent& content = certificate.content();
  v1::CertificateSummary summary;
  summary.set_number(certificate.number());
  summary.set_registration_number(content.registration_number());
  summary.set_name(content.name());
  for (const v1::Holder& holder : content.holders()) {
    summary.add_holders(holder.name().empty() ? holder.masked_name()
                                              : holder.name());
  }
  summary.set_state(certificate.status().state());
  summary.set_valid_from(content.valid_from());
  summary.set_valid_to(content.valid_to());
  summary.set_application_no(content.application_no());
  return summary;
}

}  // namespace

absl::StatusOr<v1::ListPartiesResponse> Reads::List(
    const Caller&, const v1::ListPartiesRequest& request) const {
  return ListOf<v1::ListPartiesResponse>(
      request, +[](const State& state) -> const auto& { return state.parties; },
      [&](const State&, const v1::Party& party, auto& response) {
        if (request.kind() != v1::PARTY_KIND_UNSPECIFIED &&
            request.kind() != party.identity().kind()) {
          return false;
        }
        *response.add_parties() = party;
        return true;
      });
}

absl::StatusOr<v1::ListOfficersResponse> Reads::List(
    const Caller&, const v1::ListOfficersRequest& request) const {
  return ListOf<v1::ListOfficersResponse>(
      request,
      +[](const State& state) -> const auto& { return state.officers; },
      [&](const State&, const v1::Officer& officer, auto& response) {
        *response.add_officers() = officer;
        return true;
      });
}

absl::StatusOr<v1::ListApplicationsResponse> Reads::List(
    const Caller& caller, const v1::ListApplicationsRequest& request) const {
  if (!request.client_reference().empty() && request.party().empty()) {
    return services::InvalidField("client_reference",
                                  {"goes with `party` only; name the party too",
                                   "须与 party 一起使用，请同时指定主体"});
  }
  const auto& states = request.states();
  return ListOf<v1::ListApplicationsResponse>(
      request,
      +[](const State& state) -> const auto& { return state.applications; },
      [&](const State& state, const v1::Application& application,
          auto& response) {
        if (!states.empty() && std::find(states.begin(), states.end(),
                                         application.state()) == states.end()) {
          return false;
        }
        const bool sees = SeesApplication(caller, state, application);
        if (!request.party().empty() &&
            (!(sees || IsNoticed(application)) ||
             !registry::IsApplicant(application.form(),
                                    NumberOf(state, request.party())))) {
          return false;
        }
        if (!request.client_reference().empty() &&
            (!sees || application.form().client_reference() !=
                          request.client_reference())) {
          return false;
        }
        *response.add_applications() = SummaryOf(application, sees);
        return true;
      });
}

absl::StatusOr<v1::ListCertificatesResponse> Reads::List(
    const Caller&, const v1::ListCertificatesRequest& request) const {
  return ListOf<v1::ListCertificatesResponse>(
      request,
      +[](const State& state) -> const auto& { return state.certificates; },
      [&](const State& state, const v1::Certificate& certificate,
          auto& response) {
        if (request.state() != v1::CERTIFICATE_STATE_UNSPECIFIED &&
            request.state() != certificate.status().state()) {
          return false;
        }
        if (!request.party().empty() &&
            !registry::IsHolder(certificate,
                                NumberOf(state, request.party()))) {
          return false;
        }
        *response.add_certificates() = SummaryOf(certificate);
        return true;
      });
}

absl::StatusOr<v1::ListLicencesResponse> Reads::List(
    const Caller& caller, const v1::ListLicencesRequest& request) const {
  return ListOf<v1::ListLicencesResponse>(
      request,
      +[](const State& state) -> const auto& { return state.licences; },
      [&](const State& state, const registry::LicenceState& found,
          auto& response) {
        const v1::Licence& licence = found.licence;
        if (!request.certificate_number().empty() &&
            request.certificate_number() != licence.certificate_number()) {
          return false;
        }
        const std::string party = NumberOf(state, request.party());
        if (!party.empty() && party != licence.licensor() &&
            party != licence.licensee()) {
          return false;
        }
        *response.add_licences() =
            SeesLicence(caller, state, licence) ? licence : PublicPart(licence);
        return true;
      });
}

absl::StatusOr<v1::ListUsageResponse> Reads::List(
    const Caller& caller, const v1::ListUsageRequest& request) const {
  const std::string filter = FilterOf(request);
  ASSIGN_OR_RETURN(const size_t lines, PageSize(request.page_size()));
  ASSIGN_OR_RETURN(const std::string last,
                   parts_.tokens.Read(filter, request.page_token()));
  return parts_.acknowledged.WithIndex(
      [&](const State& state,
          uint64_t last_index) -> absl::StatusOr<v1::ListUsageResponse> {
        const auto* found = registry::FindLicence(state, request.licence_no());
        if (found == nullptr) {
          return NoSuch("licence", "许可", request.licence_no());
        }
        if (!SeesLicence(caller, state, found->licence)) {
          return NotForThisReader(
              {"usage is for the licence's parties and for officers",
               "运用记录仅许可双方与登记机构可查看"});
        }
        ASSIGN_OR_RETURN(const auto usage,
                         parts_.acknowledged.projection().Usage(
                             request.licence_no(), last, lines + 1));
        v1::ListUsageResponse response;
        const size_t shown = std::min(lines, usage.size());
        for (size_t i = 0; i < shown; ++i) {
          *response.add_usage() = usage[i].usage;
        }
        if (usage.size() > lines) {
          response.set_next_page_token(
              parts_.tokens.Make(filter, usage[shown - 1].key));
        }
        *response.mutable_position() = PositionAt(last_index);
        return response;
      });
}

}  // namespace dataip::registryd
