#include "core/registry/application/batch_items.h"

#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/registry/application/rules.h"
#include "core/registry/state/profiles.h"
#include "core/registry/values/number_scheme.h"

namespace dataip::registry {
namespace {

v1::Command SingleOf(const Case& a_case, const Batch& batch, int index) {
  const v1::Command& whole = a_case.command;
  v1::Command single;
  single.set_command_id(whole.command_id());
  *single.mutable_issued_at() = whole.issued_at();
  *single.mutable_expires_at() = whole.expires_at();
  single.set_actor(whole.actor());
  single.set_version(batch.items[index].version());
  batch.set_body(index, single);
  return single;
}

std::string FieldInBatch(const Batch& batch, int index,
                         const std::string& field) {
  if (field == "application_no" || field == "version") {
    return absl::StrCat("items[", index, "].", field);
  }
  return batch.field_of ? batch.field_of(index, field) : field;
}

Refusal NameItem(const Batch& batch, int index, Refusal refusal) {
  const std::string& number = batch.items[index].application_no();
  const std::string zh =
      absl::StrCat("第 ", index + 1, " 项（申请 ", number, "）：");
  const std::string en =
      absl::StrCat("item ", index + 1, " (application ", number, "): ");
  refusal.message_zh = zh + refusal.message_zh;
  refusal.message_en = en + refusal.message_en;
  for (rpc::v1::FieldViolation& violation : refusal.violations) {
    violation.set_field(FieldInBatch(batch, index, violation.field()));
    violation.set_message_zh(zh + violation.message_zh());
    violation.set_message_en(en + violation.message_en());
  }
  return refusal;
}

void NoteGiven(const Events& events, SerialsGiven& given) {
  for (const v1::Event& event : events) {
    if (!event.has_application_registered()) continue;
    const v1::ApplicationRegistered& one = event.application_registered();
    given.certificates = CertificateSerial(one.certificate_number());
    given.registrations = RegistrationSerial(one.registration_number());
  }
}

// The entry names one profile, which is to be that of every decision in it.
MaybeRefusal CheckSameProfile(const Case& a_case, const Batch& batch,
                              int index) {
  const std::string& number = batch.items[index].application_no();
  const v1::Application* application = FindApplication(a_case.state, number);
  if (application == nullptr ||
      application->profile().sha256() == a_case.profile.sha256()) {
    return std::nullopt;
  }
  return Refuse(
      rpc::v1::INVALID_FIELD,
      {absl::StrCat("items[", index, "].application_no"), "BATCH",
       absl::StrCat("申请 ", number,
                    " 适用的登记规则与本批第 1 项不同，请分批办理"),
       absl::StrCat("application ", number,
                    " is ruled by another profile than the first item; put it "
                    "into another batch"),
       ""});
}

}  // namespace

MaybeRefusal CheckItems(const Case& a_case, const BatchItems& items) {
  RETURN_IF_REFUSED(CheckVersion(a_case, 0));
  if (items.empty() || items.size() > limits::kItemsPerBatch) {
    return Refuse(rpc::v1::INVALID_FIELD,
                  {"items", "BATCH",
                   absl::StrCat("一批应有 1 至 ", limits::kItemsPerBatch,
                                " 件申请，请分批提交"),
                   absl::StrCat("a batch takes 1 to ", limits::kItemsPerBatch,
                                " applications; split it"),
                   ""});
  }
  for (int i = 1; i < items.size(); ++i) {
    if (items[i - 1].application_no() < items[i].application_no()) continue;
    return Refuse(rpc::v1::INVALID_FIELD,
                  {absl::StrCat("items[", i, "].application_no"), "BATCH",
                   absl::StrCat("申请 ", items[i].application_no(),
                                " 重复或未按编号升序排列，请修改"),
                   absl::StrCat("application ", items[i].application_no(),
                                " repeats or is out of order; sort the items "
                                "by number, each once"),
                   ""});
  }
  return std::nullopt;
}

Decision DecideBatch(const Case& a_case, const Batch& batch) {
  RETURN_IF_REFUSED(CheckItems(a_case, batch.items));
  const State& state = a_case.state;
  const uint64_t serial = state.counters.batches + 1;
  if (serial > kSerial7) {
    return Refuse(rpc::v1::RULE_REFUSES,
                  {"items", "NUMBERS", "批号已用尽，请逐件办理",
                   "no batch number is left; decide one by one", ""});
  }
  Events events(1);
  v1::BatchDecided* decided = events[0].mutable_batch_decided();
  decided->set_batch_no(LetterNumber('B', a_case.today(), serial));
  SerialsGiven given;
  for (int i = 0; i < batch.items.size(); ++i) {
    RETURN_IF_REFUSED(CheckSameProfile(a_case, batch, i));
    const v1::Command single = SingleOf(a_case, batch, i);
    Case item{state, single, a_case.decided_at_ms,
              ProfileFor(state, single, a_case.decided_at_ms)};
    item.values = ValuesOf(state, item.profile);
    item.given_before = given;
    Decision decision = batch.decide(item);
    if (auto* refusal = std::get_if<Refusal>(&decision)) {
      return NameItem(batch, i, *std::move(refusal));
    }
    auto& more = std::get<Events>(decision);
    NoteGiven(more, given);
    decided->add_application_nos(batch.items[i].application_no());
    events.insert(events.end(), std::make_move_iterator(more.begin()),
                  std::make_move_iterator(more.end()));
    // The first event moved with the vector.
    decided = events[0].mutable_batch_decided();
  }
  return events;
}

}  // namespace dataip::registry
