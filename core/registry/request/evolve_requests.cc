// What holders ask, as events.
#include <algorithm>
#include <string>
#include <vector>

#include "core/registry/certificate/new_sheet.h"
#include "core/registry/request/rules.h"

namespace dataip::registry {
namespace {

// The request to change, its version raised; null when there is none.
v1::CertificateRequest* Touch(State& state, const std::string& request_no) {
  const auto found = state.requests.find(request_no);
  if (found == state.requests.end()) return nullptr;
  found->second.set_version(found->second.version() + 1);
  found->second.set_updated_at_ms(state.last_decided_at_ms);
  return &found->second;
}

// No longer open. An expiry that waited for it falls due again.
void Close(State& state, v1::CertificateRequest& request,
           v1::RequestState how) {
  request.set_state(how);
  state.open_requests.erase(request.request_no());
  const auto certificate =
      state.certificates.find(request.certificate_number());
  if (certificate == state.certificates.end()) return;
  auto& open = *certificate->second.mutable_open_requests();
  open.erase(std::remove(open.begin(), open.end(), request.request_no()),
             open.end());
  if (request.body().has_renewal()) SettleExpiry(state, certificate->second);
}

void InsertAscending(google::protobuf::RepeatedPtrField<std::string>& list,
                     const std::string& word) {
  std::vector<std::string> words(list.begin(), list.end());
  words.insert(std::upper_bound(words.begin(), words.end(), word), word);
  list.Assign(words.begin(), words.end());
}

}  // namespace

void EvolveRequestFiled(State& state, const v1::Event& event) {
  const v1::CertificateRequest& request = event.request_filed().request();
  state.requests[request.request_no()] = request;
  ++state.counters.requests;
  state.open_requests.insert(request.request_no());
  const auto certificate =
      state.certificates.find(request.certificate_number());
  if (certificate == state.certificates.end()) return;
  InsertAscending(*certificate->second.mutable_open_requests(),
                  request.request_no());
  if (request.body().has_renewal()) SettleExpiry(state, certificate->second);
}

void EvolveRequestCosigned(State& state, const v1::Event& event) {
  const v1::RequestCosigned& cosigned = event.request_cosigned();
  v1::CertificateRequest* request = Touch(state, cosigned.request_no());
  if (request == nullptr) return;
  InsertAscending(*request->mutable_cosigned(), cosigned.party_number());
  if (request->cosigned_size() == request->cosigners_size()) {
    request->set_state(v1::REQUEST_UNDER_REVIEW);
  }
}

void EvolveRequestWithdrawn(State& state, const v1::Event& event) {
  auto* request = Touch(state, event.request_withdrawn().request_no());
  if (request != nullptr) Close(state, *request, v1::REQUEST_WITHDRAWN);
}

void EvolveRequestRefused(State& state, const v1::Event& event) {
  const v1::RequestRefused& refused = event.request_refused();
  v1::CertificateRequest* request = Touch(state, refused.request_no());
  if (request == nullptr) return;
  request->set_refusal_reason(refused.reason());
  Close(state, *request, v1::REQUEST_REFUSED);
}

// The sheet that stands beside it is begun here: it keeps the request's
// profile.
void EvolveRequestGranted(State& state, const v1::Event& event) {
  const v1::RequestGranted& granted = event.request_granted();
  v1::CertificateRequest* request = Touch(state, granted.request_no());
  if (request == nullptr) return;
  request->set_new_certificate_number(granted.new_certificate_number());
  Close(state, *request, v1::REQUEST_GRANTED);
  if (granted.new_certificate_number().empty()) return;
  *state.certificates[granted.new_certificate_number()].mutable_profile() =
      request->profile();
}

void EvolvePledgeRegistered(State& state, const v1::Event& event) {
  const v1::Pledge& pledge = event.pledge_registered().pledge();
  state.pledges[pledge.pledge_no()] = pledge;
  ++state.counters.pledges;
}

void EvolvePledgeChanged(State& state, const v1::Event& event) {
  const v1::Pledge& pledge = event.pledge_changed().pledge();
  const auto found = state.pledges.find(pledge.pledge_no());
  if (found != state.pledges.end()) found->second = pledge;
}

void EvolvePledgeReleased(State& state, const v1::Event& event) {
  state.pledges.erase(event.pledge_released().pledge_no());
}

}  // namespace dataip::registry
