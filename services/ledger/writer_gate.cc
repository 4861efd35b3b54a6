#include "services/ledger/writer_gate.h"

#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "services/common/error.h"

namespace dataip::ledger {

absl::Status FencedStatus() {
  return services::MakeStatus(
      rpc::v1::FENCED,
      {"this epoch is over: another writer opened one, or the ledger was "
       "restarted; read to the end and call OpenWriter",
       "该写入纪元已失效：其他写入方已接管，或账本已重启；请读至末尾后重新"
       "调用 OpenWriter"});
}

absl::StatusOr<WriterGate::Admission> WriterGate::Admit(
    const PreparedMessage& message) const {
  if (!live_ || message.epoch != last_epoch_) return FencedStatus();
  if (message.sequence == next_sequence_) return Admission();
  if (message.sequence > next_sequence_) {
    rpc::v1::ErrorDetail detail;
    detail.set_reason(rpc::v1::UNEXPECTED_POSITION);
    detail.set_expected_sequence(next_sequence_);
    detail.set_message_zh(absl::StrCat("序号应为 ", next_sequence_, "，实为 ",
                                       message.sequence,
                                       "；请从应有的序号重发"));
    return services::MakeStatus(
        detail, absl::StrCat("expected sequence ", next_sequence_, ", not ",
                             message.sequence, "; send again from there"));
  }
  const uint64_t age = next_sequence_ - message.sequence;
  if (age > receipts_.size()) {
    return services::MakeStatus(
        rpc::v1::FENCED,
        {absl::StrCat("sequence ", message.sequence,
                      " is older than the receipts kept; call OpenWriter"),
         absl::StrCat("序号 ", message.sequence,
                      " 的回执已不再保留；请重新调用 OpenWriter")});
  }
  const Receipt& receipt = receipts_[receipts_.size() - age];
  if (receipt.digest != message.digest) {
    return services::MakeStatus(
        rpc::v1::FENCED,
        {absl::StrCat("sequence ", message.sequence,
                      " was appended with other bytes; call OpenWriter"),
         absl::StrCat("序号 ", message.sequence,
                      " 已写入不同的内容；请重新调用 OpenWriter")});
  }
  return Admission{true, receipt.placed};
}

void WriterGate::Accept(const PreparedMessage& message, Placed placed) {
  receipts_.push_back({message.digest, placed});
  if (receipts_.size() > limits::kReceiptsKept) receipts_.pop_front();
  ++next_sequence_;
}

void WriterGate::Opened() {
  ++last_epoch_;
  live_ = true;
  next_sequence_ = 0;
  receipts_.clear();
}

}  // namespace dataip::ledger
