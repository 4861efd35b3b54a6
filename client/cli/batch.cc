#include "client/cli/batch.h"

#include "absl/strings/str_cat.h"
#include "client/cli/labels.h"
#include "client/in_flight.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;

std::string EventText(const v1::Event& event) {
  switch (event.event_case()) {
    case v1::Event::kApplicationSubmitted:
      return absl::StrCat(
          "已受理 ",
          event.application_submitted().application().application_no());
    case v1::Event::kCorrectionRequested:
      return absl::StrCat(
          "补正期限 ", DeadlineText(event.correction_requested().deadline()));
    case v1::Event::kCorrectionFiled:
      return "补正已提交";
    case v1::Event::kApplicationWithdrawn:
      return LabelOf(v1::WITHDRAWN);
    case v1::Event::kApplicationRefused:
      return LabelOf(v1::REFUSED);
    case v1::Event::kNoticeOpened:
      return absl::StrCat("公示至 ",
                          DeadlineText(event.notice_opened().deadline()));
    case v1::Event::kApplicationRegistered:
      return absl::StrCat(
          "证书编号 ", event.application_registered().certificate_number(),
          "，登记号 ", event.application_registered().registration_number());
    case v1::Event::kLicenceFiled:
      return absl::StrCat("许可编号 ",
                          event.licence_filed().licence().licence_no());
    case v1::Event::kUsageRecorded:
      return absl::StrCat("新增 ", event.usage_recorded().counted_size(),
                          " 条，",
                          FormatFen(event.usage_recorded().value_fen()));
    default:
      return "";
  }
}

}  // namespace

ExitCode CodeOfBatch(std::span<const ExitCode> codes) {
  ExitCode worst = kExitOk;
  bool some_good = false;
  for (const ExitCode code : codes) {
    some_good = some_good || code == kExitOk;
    worst = WorseOf(worst, code);
  }
  if (worst == kExitOk || worst == kExitNoServer) return worst;
  return some_good ? kExitSomeRejected : worst;
}

ExitCode RunBatch(
    Invocation& invocation, std::vector<BatchItem>& items,
    const std::function<absl::StatusOr<v1::SubmitCommandResponse>(size_t)>&
        submit) {
  std::vector<ExitCode> codes(items.size(), kExitNoServer);
  {
    Progress progress(invocation.command().FullName(), items.size());
    ForEachInFlight(items.size(), kCommandsInFlight, [&](size_t i) {
      items[i].response = submit(i);
      codes[i] = ExitCodeOf(items[i].response.status());
      progress.Step();
      return codes[i] != kExitNoServer;
    });
  }
  for (const BatchItem& item : items) {
    if (item.response.ok()) continue;
    invocation.Report(item.subject, item.response.status());
  }
  return CodeOfBatch(codes);
}

void PrintBatch(Invocation& invocation, const std::vector<BatchItem>& items) {
  Table table{{"对象", "结果", "账本序号"}, {}};
  std::vector<const google::protobuf::Message*> messages;
  for (const BatchItem& item : items) {
    if (!item.response.ok()) continue;
    messages.push_back(&*item.response);
    table.rows.push_back({item.subject, OutcomeText(*item.response),
                          absl::StrCat(item.response->receipt().index())});
  }
  if (table.rows.empty() && !invocation.json()) return;  // all is on stderr
  invocation.PrintList(messages, table);
}

std::string OutcomeText(const v1::SubmitCommandResponse& response) {
  for (const v1::Event& event : response.events()) {
    std::string text = EventText(event);
    if (!text.empty()) return text;
  }
  return "已记入";
}

}  // namespace dataip::client
