#include "core/registry/state/due.h"

#include "core/registry/state/licence_term.h"
#include "core/registry/state/state.h"

namespace dataip::registry {

std::optional<Due> NextDue(const State& state, int64_t now_ms) {
  if (state.due.empty() || state.due.begin()->at_ms >= now_ms) {
    return std::nullopt;
  }
  return *state.due.begin();
}

void SetClockCommand(const State& state, const Due& due, v1::Command& command) {
  uint64_t version = 0;
  switch (due.kind) {
    case DueKind::kCorrection:
      command.mutable_close_overdue_correction()->set_application_no(due.key);
      if (const auto* found = FindApplication(state, due.key)) {
        version = found->version();
      }
      break;
    case DueKind::kReply:
      command.mutable_close_unanswered_objection()->set_objection_no(due.key);
      if (const auto* found = FindObjection(state, due.key)) {
        version = found->version();
      }
      break;
    case DueKind::kFreeze: {
      command.mutable_end_freeze()->set_freeze_no(due.key);
      const auto freeze = state.freezes.find(due.key);
      if (freeze == state.freezes.end()) break;
      const auto* found =
          FindCertificate(state, freeze->second.certificate_number());
      if (found != nullptr) version = found->status().version();
      break;
    }
    case DueKind::kLicence: {
      v1::EndLicence* body = command.mutable_end_licence();
      body->set_licence_no(due.key);
      const LicenceState* found = FindLicence(state, due.key);
      if (found == nullptr) break;
      body->set_ended_on(LastDayOf(found->licence));
      version = found->licence.version();
      break;
    }
    case DueKind::kExpiry:
      command.mutable_expire_certificate()->set_certificate_number(due.key);
      if (const auto* found = FindCertificate(state, due.key)) {
        version = found->status().version();
      }
      break;
  }
  command.set_version(version);
}

bool IsFor(const v1::Command& command, const Due& due) {
  switch (due.kind) {
    case DueKind::kCorrection:
      return command.has_close_overdue_correction() &&
             command.close_overdue_correction().application_no() == due.key;
    case DueKind::kReply:
      return command.has_close_unanswered_objection() &&
             command.close_unanswered_objection().objection_no() == due.key;
    case DueKind::kFreeze:
      return command.has_end_freeze() &&
             command.end_freeze().freeze_no() == due.key;
    case DueKind::kLicence:
      return command.has_end_licence() &&
             command.end_licence().licence_no() == due.key;
    case DueKind::kExpiry:
      return command.has_expire_certificate() &&
             command.expire_certificate().certificate_number() == due.key;
  }
  return false;
}

const char* NameZh(DueKind kind) {
  switch (kind) {
    case DueKind::kCorrection:
      return "补正期限";
    case DueKind::kReply:
      return "异议答复期限";
    case DueKind::kFreeze:
      return "冻结期限";
    case DueKind::kLicence:
      return "许可期限";
    case DueKind::kExpiry:
      return "证书有效期";
  }
  return "";
}

const char* NameEn(DueKind kind) {
  switch (kind) {
    case DueKind::kCorrection:
      return "correction";
    case DueKind::kReply:
      return "answer to objection";
    case DueKind::kFreeze:
      return "freeze";
    case DueKind::kLicence:
      return "term of licence";
    case DueKind::kExpiry:
      return "term of certificate";
  }
  return "";
}

}  // namespace dataip::registry
