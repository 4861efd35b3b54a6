#include "services/registry/projection.h"

#include <rocksdb/write_batch.h>

#include <filesystem>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/registry/values/canonical.h"
#include "core/registry/values/civil_date.h"
#include "services/common/logging.h"
#include "services/common/rocks.h"
#include "services/common/rocks_purge.h"

namespace dataip::registryd {
namespace {

using services::FromRocks;
using services::NumberKey;
using services::ToSlice;

// Positions in Families().
enum Family : size_t { kHistory = 0, kCommands, kIssues, kUsage, kChanges };

std::vector<services::ColumnFamily> Families() {
  return {{"history", services::FamilyUse::kLookup},
          {"commands", services::FamilyUse::kLookup},
          {"issues", services::FamilyUse::kLookup},
          {"usage", services::FamilyUse::kLookup},
          {"changes", services::FamilyUse::kLog}};
}

constexpr char kMarkKey[] = "mark";
// Raised with everything that an older projection does not hold.
constexpr char kFormatKey[] = "format";
constexpr char kFormat[] = "5";
// Before the index of an entry that Rewrite has done.
constexpr char kRewrittenPrefix[] = "rewritten/";

// Names hold no zero byte, so that no name's keys begin with another's.
std::string PrefixOf(const std::string& name) {
  return name + std::string(1, '\0');
}

std::string PlaceKey(const std::string& name, uint64_t index, size_t part) {
  return PrefixOf(name) + NumberKey(index) + NumberKey(part);
}

// As kept: audience, objection, a zero byte, the step.
std::string EncodeStep(const HistoryLine& line, v1::HistoryStep step) {
  step.set_event(line.event);
  return absl::StrCat(static_cast<int>(line.audience),
                      PrefixOf(line.objection_no),
                      registry::SerializeCanonical(step));
}

bool DecodeStep(absl::string_view bytes, PastStep& past) {
  const size_t end = bytes.find('\0');
  if (end == absl::string_view::npos || end == 0) return false;
  const int audience = bytes[0] - '0';
  if (audience < 0 || audience > static_cast<int>(Audience::kOfficers)) {
    return false;
  }
  past.audience = static_cast<Audience>(audience);
  past.objection_no = std::string(bytes.substr(1, end - 1));
  const absl::string_view step = bytes.substr(end + 1);
  return past.step.ParseFromArray(step.data(), static_cast<int>(step.size()));
}

// Gathers the lines of one entry.
class Lines {
 public:
  Lines(services::Rocks& rocks, rocksdb::WriteBatch& batch)
      : rocks_(rocks), batch_(batch) {}

  absl::Status Add(const SeenEntry& entry) {
    if (!entry.decided.has_value()) return absl::OkStatus();
    const Decided& decided = *entry.decided;
    const uint64_t index = entry.mark.index;
    RETURN_IF_ERROR(
        Put(kCommands,
            PrefixOf(decided.command.actor()) + decided.command.command_id(),
            NumberKey(index)));
    v1::HistoryStep step;
    step.set_index(index);
    step.set_decided_at_ms(
        registry::ToUnixMs(decided.transition.context().decided_at())
            .value_or(0));
    step.set_actor(decided.command.actor());
    step.mutable_signers()->Assign(entry.signers.begin(), entry.signers.end());
    RETURN_IF_ERROR(AddChanges({index, step.decided_at_ms(), entry.changes}));
    for (const HistoryLine& line : entry.history) {
      RETURN_IF_ERROR(Put(kHistory, PlaceKey(line.stream, index, line.part),
                          EncodeStep(line, step)));
    }
    for (const v1::Event& event : decided.transition.events()) {
      RETURN_IF_ERROR(AddEvent(index, event));
    }
    return absl::OkStatus();
  }

  // What was put of texts that the ledger has.
  const std::vector<std::string>& usage_keys() const { return usage_keys_; }
  const std::vector<std::string>& change_keys() const { return change_keys_; }

 private:
  absl::Status AddChanges(const ChangedEntry& entry) {
    if (entry.lines.empty()) return absl::OkStatus();
    change_keys_.push_back(NumberKey(entry.index));
    return Put(kChanges, change_keys_.back(), EncodeChanges(entry));
  }

  absl::Status AddEvent(uint64_t index, const v1::Event& event) {
    if (event.has_certificate_issued()) {
      v1::CertificateContent content;
      if (!content.ParseFromString(event.certificate_issued().content())) {
        return absl::DataLossError("certificate content does not parse");
      }
      return Put(kIssues, content.number(), NumberKey(index));
    }
    if (!event.has_usage_recorded()) return absl::OkStatus();
    const v1::UsageRecorded& recorded = event.usage_recorded();
    size_t part = 0;
    for (const v1::CountedUsage& counted : recorded.counted()) {
      usage_keys_.push_back(PlaceKey(recorded.licence_no(), index, part++));
      RETURN_IF_ERROR(Put(kUsage, usage_keys_.back(),
                          registry::SerializeCanonical(counted)));
    }
    return absl::OkStatus();
  }

  absl::Status Put(Family family, const std::string& key,
                   const std::string& value) {
    return FromRocks(
        batch_.Put(rocks_.family(family), ToSlice(key), ToSlice(value)),
        "gathering projections");
  }

  services::Rocks& rocks_;
  rocksdb::WriteBatch& batch_;
  std::vector<std::string> usage_keys_;
  std::vector<std::string> change_keys_;
};

// Calls `take(key, value)` for the keys that begin with `prefix`, from the
// first one after `after`, until it answers false.
template <typename Take>
absl::Status ForEach(services::Rocks& rocks,
                     rocksdb::ColumnFamilyHandle* family,
                     const std::string& prefix, const std::string& after,
                     const Take& take) {
  rocksdb::ReadOptions options;
  options.total_order_seek = true;
  const std::unique_ptr<rocksdb::Iterator> at(
      rocks.db().NewIterator(options, family));
  const std::string from = after.empty() ? prefix : after + '\0';
  for (at->Seek(ToSlice(from)); at->Valid(); at->Next()) {
    const rocksdb::Slice key = at->key();
    if (!key.starts_with(ToSlice(prefix)) || !take(key, at->value())) break;
  }
  return FromRocks(at->status(), "reading projections");
}

}  // namespace

absl::StatusOr<std::unique_ptr<Projection>> Projection::Open(
    const std::string& path) {
  services::RocksOptions options;
  options.path = path;
  options.families = Families();
  ASSIGN_OR_RETURN(auto rocks, services::Rocks::Open(options));
  std::unique_ptr<Projection> projection(new Projection(std::move(rocks)));
  RETURN_IF_ERROR(projection->LoadMark());
  ASSIGN_OR_RETURN(const bool same_format, projection->HasThisFormat());
  if (same_format) return projection;
  if (projection->mark().has_value()) {
    services::Log(services::Severity::kInfo,
                  "the projections have an older format and are made again",
                  {{"folder", path}});
    projection.reset();
    std::error_code error;
    std::filesystem::remove_all(path, error);
    if (error) {
      return absl::InternalError(absl::StrCat(
          path, " cannot be removed: ", error.message(), "; delete it"));
    }
    ASSIGN_OR_RETURN(rocks, services::Rocks::Open(options));
    projection.reset(new Projection(std::move(rocks)));
  }
  RETURN_IF_ERROR(FromRocks(projection->rocks_->db().Put(
                                rocksdb::WriteOptions(), kFormatKey, kFormat),
                            "writing the format of projections"));
  return projection;
}

absl::StatusOr<bool> Projection::HasThisFormat() const {
  std::string bytes;
  const rocksdb::Status read =
      rocks_->db().Get(rocksdb::ReadOptions(), kFormatKey, &bytes);
  if (read.IsNotFound()) return false;
  RETURN_IF_ERROR(FromRocks(read, "reading the format of projections"));
  return bytes == kFormat;
}

Projection::Projection(std::unique_ptr<services::Rocks> rocks)
    : rocks_(std::move(rocks)) {}

Projection::~Projection() = default;

absl::Status Projection::LoadMark() {
  std::string bytes;
  const rocksdb::Status read =
      rocks_->db().Get(rocksdb::ReadOptions(), kMarkKey, &bytes);
  if (read.IsNotFound()) return absl::OkStatus();
  RETURN_IF_ERROR(FromRocks(read, "reading the mark of projections"));
  mark_ = DecodeMark(hash::AsBytes(bytes));
  if (!mark_.has_value()) {
    return absl::DataLossError(
        "the projections' mark is damaged: delete the folder, it is rebuilt");
  }
  return absl::OkStatus();
}

absl::Status Projection::Apply(std::span<const SeenEntry> entries) {
  rocksdb::WriteBatch batch;
  Lines lines(*rocks_, batch);
  std::optional<LedgerMark> last = mark_;
  for (const SeenEntry& entry : entries) {
    if (last.has_value() && entry.mark.index <= last->index) continue;
    RETURN_IF_ERROR(lines.Add(entry));
    last = entry.mark;
  }
  if (last == mark_) return absl::OkStatus();
  RETURN_IF_ERROR(FromRocks(batch.Put(kMarkKey, ToSlice(EncodeMark(*last))),
                            "gathering projections"));
  RETURN_IF_ERROR(FromRocks(rocks_->db().Write(rocksdb::WriteOptions(), &batch),
                            "writing projections"));
  mark_ = last;
  return absl::OkStatus();
}

absl::Status Projection::Rewrite(std::span<const SeenEntry> entries) {
  rocksdb::WriteBatch batch;
  rocksdb::WriteBatch done;
  Lines lines(*rocks_, batch);
  for (const SeenEntry& entry : entries) {
    if (!mark_.has_value() || entry.mark.index > mark_->index) continue;
    const std::string key = kRewrittenPrefix + NumberKey(entry.mark.index);
    std::string value;
    const rocksdb::Status read =
        rocks_->db().Get(rocksdb::ReadOptions(), ToSlice(key), &value);
    if (read.ok()) continue;
    if (!read.IsNotFound()) return FromRocks(read, "reading projections");
    RETURN_IF_ERROR(lines.Add(entry));
    RETURN_IF_ERROR(FromRocks(done.Put(ToSlice(key), ""), "noting an erasure"));
  }
  if (done.Count() == 0) return absl::OkStatus();
  base::MutexLock lock(changes_read_);
  RETURN_IF_ERROR(FromRocks(rocks_->db().Write(rocksdb::WriteOptions(), &batch),
                            "writing projections again"));
  RETURN_IF_ERROR(services::PurgeOverwritten(
      {*rocks_, rocks_->family(kUsage), lines.usage_keys()}));
  RETURN_IF_ERROR(services::PurgeOverwritten(
      {*rocks_, rocks_->family(kChanges), lines.change_keys()}));
  return FromRocks(rocks_->db().Write(rocksdb::WriteOptions(), &done),
                   "noting an erasure");
}

absl::StatusOr<std::vector<PastStep>> Projection::History(
    const std::string& stream) const {
  std::vector<PastStep> steps;
  bool damaged = false;
  RETURN_IF_ERROR(ForEach(
      *rocks_, rocks_->family(kHistory), PrefixOf(stream), "",
      [&](const rocksdb::Slice&, const rocksdb::Slice& value) {
        damaged =
            !DecodeStep({value.data(), value.size()}, steps.emplace_back());
        return !damaged;
      }));
  if (damaged) {
    return absl::DataLossError(
        "the projections' history is damaged: delete the folder, it is "
        "rebuilt");
  }
  return steps;
}

absl::StatusOr<uint64_t> Projection::IndexAt(size_t family,
                                             const std::string& key) const {
  std::string bytes;
  RETURN_IF_ERROR(
      FromRocks(rocks_->db().Get(rocksdb::ReadOptions(), rocks_->family(family),
                                 ToSlice(key), &bytes),
                "reading a place in the ledger"));
  if (bytes.size() != 8) return absl::DataLossError("a damaged index");
  return services::NumberOfKey(ToSlice(bytes));
}

absl::StatusOr<uint64_t> Projection::CommandIndex(
    const std::string& actor, const std::string& command_id) const {
  return IndexAt(kCommands, PrefixOf(actor) + command_id);
}

absl::StatusOr<uint64_t> Projection::IssueIndex(
    const std::string& certificate_number) const {
  return IndexAt(kIssues, certificate_number);
}

absl::StatusOr<std::vector<Projection::UsageLine>> Projection::Usage(
    const std::string& licence_no, const std::string& after,
    size_t lines) const {
  std::vector<UsageLine> usage;
  RETURN_IF_ERROR(
      ForEach(*rocks_, rocks_->family(kUsage), PrefixOf(licence_no), after,
              [&](const rocksdb::Slice& key, const rocksdb::Slice& value) {
                if (usage.size() == lines) return false;
                UsageLine& line = usage.emplace_back();
                line.key = key.ToString();
                return line.usage.ParseFromArray(
                    value.data(), static_cast<int>(value.size()));
              }));
  return usage;
}

absl::Status Projection::ForEachChange(
    uint64_t from,
    const std::function<bool(const ChangedEntry& entry)>& take) const {
  rocksdb::ReadOptions options;
  options.total_order_seek = true;
  base::MutexLock lock(changes_read_);
  const std::unique_ptr<rocksdb::Iterator> at(
      rocks_->db().NewIterator(options, rocks_->family(kChanges)));
  for (at->Seek(ToSlice(NumberKey(from))); at->Valid(); at->Next()) {
    ASSIGN_OR_RETURN(const ChangedEntry entry,
                     DecodeChanges(services::NumberOfKey(at->key()),
                                   {at->value().data(), at->value().size()}));
    if (!take(entry)) break;
  }
  return FromRocks(at->status(), "reading changes");
}

absl::StatusOr<Hash> Projection::Digest() const {
  hash::Sha256Stream digest;
  const auto add = [&](const rocksdb::Slice& part) {
    digest.Update(hash::AsBytes(NumberKey(part.size())));
    digest.Update(hash::AsBytes({part.data(), part.size()}));
  };
  std::vector<rocksdb::ColumnFamilyHandle*> families = {
      rocks_->default_family()};
  for (size_t i = 0; i < Families().size(); ++i) {
    families.push_back(rocks_->family(i));
  }
  for (auto* family : families) {
    add(family->GetName());
    RETURN_IF_ERROR(
        ForEach(*rocks_, family, "", "",
                [&](const rocksdb::Slice& key, const rocksdb::Slice& value) {
                  add(key);
                  add(value);
                  return true;
                }));
  }
  return digest.Finish();
}

}  // namespace dataip::registryd
