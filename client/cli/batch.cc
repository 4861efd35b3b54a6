#include "client/cli/batch.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cli/event_text.h"

namespace dataip::client {

namespace v1 = registry::v1;

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
        submit,
    size_t in_flight) {
  std::vector<ExitCode> codes(items.size(), kExitNoServer);
  {
    Progress progress(invocation.command().FullName(), items.size());
    ForEachInFlight(items.size(), in_flight, [&](size_t i) {
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
  std::vector<std::string> texts;
  for (const v1::Event& event : response.events()) {
    std::string text = EventText(event);
    if (!text.empty()) texts.push_back(std::move(text));
    // The events of its items follow, each with the same words.
    if (event.has_batch_decided()) break;
  }
  return texts.empty() ? "已记入" : absl::StrJoin(texts, "；");
}

}  // namespace dataip::client
