// Decisions of two officers: refusal, and the opening of the public notice.
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/registry/application/opinions.h"
#include "core/registry/application/rules.h"
#include "core/registry/form/public_snapshot.h"
#include "core/registry/state/case.h"
#include "core/registry/state/grounds.h"
#include "core/registry/tables/calendar.h"
#include "core/registry/values/canonical.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace dataip::registry {
namespace {

MaybeRefusal CheckRefusalGrounds(const Case& a_case,
                                 const v1::RefuseApplication& body) {
  if (body.grounds().empty()) {
    return Refuse(rpc::v1::INVALID_FIELD,
                  {"refuse_application.grounds", "T6",
                   "不予登记须至少写明一项理由代码，如 R03",
                   "a refusal names at least one ground, e.g. R03", ""});
  }
  return CheckGrounds(
      a_case, {"refuse_application.grounds", "T6", &Profile::GroundText, ""},
      body.grounds());
}

std::string ItemZh(const std::string& item) {
  constexpr std::pair<absl::string_view, absl::string_view> kNames[] = {
      {"sample_checked", "核对样例与存证根"},
      {"masking_checked", "核对样例脱敏"},
      {"files_checked", "查看合同与证据文件"},
      {"duplicates_checked", "查重"}};
  for (const auto& [name, zh] : kNames) {
    if (name == item) return std::string(zh);
  }
  return item;
}

// Those that the profile lists, in its order; all there are where it says
// nothing.
std::vector<std::string> ItemsOf(const Profile& profile) {
  std::vector<std::string> items = profile.List(kChecklistNotice);
  if (!items.empty()) return items;
  const auto& checklist = *v1::Checklist::descriptor();
  for (int i = 0; i < checklist.field_count(); ++i) {
    items.push_back(checklist.field(i)->name());
  }
  return items;
}

MaybeRefusal CheckChecklist(const Case& a_case,
                            const v1::Checklist& checklist) {
  const auto& descriptor = *v1::Checklist::descriptor();
  const auto& reflection = *v1::Checklist::GetReflection();
  for (const std::string& item : ItemsOf(*a_case.values)) {
    if (reflection.GetBool(checklist, descriptor.FindFieldByName(item))) {
      continue;
    }
    return Refuse(
        rpc::v1::INVALID_FIELD,
        {absl::StrCat("checklist.", item), "T7",
         absl::StrCat("审查清单未完成：", ItemZh(item), "；完成后再开启公示"),
         absl::StrCat("the checklist is not complete: ", item,
                      "; complete it first"),
         std::string(a_case.values->ClauseOf(kChecklistNotice))});
  }
  return std::nullopt;
}

}  // namespace

Decision DecideRefuseApplication(const Case& a_case) {
  const v1::RefuseApplication& body = a_case.command.refuse_application();
  // A ground may be found, or a court may find it, when the notice is open:
  // nobody is to be registered first and revoked after that.
  RETURN_IF_REFUSED(CheckApplication(
      a_case, body.application_no(), "T6",
      {v1::UNDER_REVIEW, v1::PUBLICITY, v1::OBJECTION_PENDING, v1::SUSPENDED}));
  RETURN_IF_REFUSED(CheckRefusalGrounds(a_case, body));
  RETURN_IF_REFUSED(CheckReason("refuse_application.reason", body.reason(),
                                limits::kReasonLeastCharacters,
                                limits::kRefusalReasonCharacters));
  Events events(1);
  v1::ApplicationRefused* event = events[0].mutable_application_refused();
  event->set_application_no(body.application_no());
  *event->mutable_grounds() = body.grounds();
  event->set_reason(body.reason());
  return events;
}

Decision DecideOpenNotice(const Case& a_case) {
  const v1::OpenNotice& body = a_case.command.open_notice();
  RETURN_IF_REFUSED(CheckApplication(a_case, body.application_no(), "T7",
                                     {v1::UNDER_REVIEW}));
  RETURN_IF_REFUSED(CheckChecklist(a_case, body.checklist()));
  RETURN_IF_REFUSED(CheckImportantData(
      *FindApplication(a_case.state, body.application_no())));
  Events events(1);
  v1::NoticeOpened* event = events[0].mutable_notice_opened();
  event->set_application_no(body.application_no());
  *event->mutable_deadline() =
      MakeDeadline(kPublicity, a_case.today(),
                   WorkingDaysOf(a_case, kPublicity), *a_case.state.calendar);
  *event->mutable_snapshot() = PublicSnapshotOf(
      a_case.state, *FindApplication(a_case.state, body.application_no()));
  const std::string bytes = SerializeCanonical(event->snapshot());
  event->set_snapshot_sha256(
      std::string(hash::Sha256(hash::AsBytes(bytes)).text()));
  return events;
}

}  // namespace dataip::registry
