#include "services/registry/sketch_desk.h"

#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/registry/state/case.h"
#include "core/registry/values/record_sketch.h"
#include "services/common/error.h"
#include "services/common/logging.h"
#include "services/registry/openings_key.h"
#include "services/registry/sample_records.h"

namespace dataip::registryd {
namespace {

constexpr char kHashKeyLabel[] = "dataip.sketch.v1 minhash";

std::string RecordName(const Hash& sample) {
  return "sketches/" + std::string(sample.text());
}

// First 8 bytes of a digest of both.
uint64_t SeriesOf(const v1::ApplicationForm& form) {
  if (form.series().empty()) return 0;
  const std::string& primary = registry::PrimaryOf(form);
  const Hash digest = hash::Sha256(
      hash::AsBytes(absl::StrCat(primary.size(), ":", primary, form.series())));
  uint64_t value = 0;
  for (size_t i = 0; i < sizeof(value); ++i) {
    value = value << 8 | digest.bytes[i];
  }
  return value;
}

}  // namespace

absl::StatusOr<SketchKey> SketchKey::Open(const std::string& path) {
  auto master = ReadMasterKey("sketch_key", path);
  if (absl::IsNotFound(master.status())) master = MakeMasterKey(path);
  RETURN_IF_ERROR(master.status());
  return Create(*master);
}

absl::StatusOr<SketchKey> SketchKey::Create(absl::string_view master) {
  ASSIGN_OR_RETURN(auto sealer, crypto::RecordSealer::Create(master));
  return SketchKey(crypto::HmacSm3(master, kHashKeyLabel), std::move(sealer));
}

v1::RecordSketch SketchKey::SketchOf(
    const std::vector<std::string>& records) const {
  registry::RecordSketcher sketcher(hash::AsBytes(hash_key_));
  for (const std::string& record : records) sketcher.Add(record);
  return sketcher.Finish();
}

std::string SketchKey::Seal(const Hash& sample,
                            const v1::RecordSketch& sketch) const {
  return sealer_.Seal(RecordName(sample), sketch.SerializeAsString());
}

absl::StatusOr<v1::RecordSketch> SketchKey::Unseal(
    const Hash& sample, absl::string_view sealed) const {
  ASSIGN_OR_RETURN(const std::string bytes,
                   sealer_.Open(RecordName(sample), sealed));
  v1::RecordSketch sketch;
  if (!sketch.ParseFromString(bytes) || !registry::IsSketch(sketch)) {
    return absl::DataLossError("a stored sketch is none");
  }
  return sketch;
}

std::optional<SketchedCase> SketchedCaseOf(const v1::Application& application) {
  const v1::ApplicationForm& form = application.form();
  const auto sample =
      Hash::From(hash::AsBytes(form.sample().file().sha256().digest()));
  if (!sample.has_value()) return std::nullopt;
  return SketchedCase{application.application_no(), *sample, SeriesOf(form)};
}

SketchDesk::SketchDesk(Parts parts) : parts_(std::move(parts)) {
  parts_.acknowledged.SetEntrySink([this](const SeenEntry& entry) {
    std::set<std::string> numbers;
    for (const ChangedLine& line : entry.changes) {
      numbers.insert(line.object_no);
    }
    base::MutexLock lock(mutex_);
    for (const std::string& number : numbers) Note(number);
    for (const Hash& digest : OrderedErased(entry)) Note(digest);
  });
  parts_.acknowledged.With([this](const registry::State& state) {
    base::MutexLock lock(mutex_);
    for (const auto& [number, application] : state.applications) Note(number);
  });
  thread_ = std::thread([this] { Run(); });
}

SketchDesk::~SketchDesk() { Stop(); }

void SketchDesk::Stop() {
  parts_.acknowledged.SetEntrySink(nullptr);
  {
    base::MutexLock lock(mutex_);
    stopping_ = true;
    changed_.NotifyAll();
  }
  if (thread_.joinable()) thread_.join();
}

void SketchDesk::Note(Job job) {
  jobs_.push_back(std::move(job));
  ++noted_;
  changed_.NotifyAll();
}

void SketchDesk::Run() {
  for (;;) {
    Job job;
    {
      base::MutexLock lock(mutex_);
      while (jobs_.empty() && !stopping_) changed_.Wait(mutex_);
      if (stopping_) return;
      job = std::move(jobs_.front());
      jobs_.pop_front();
      if (const Hash* erased = std::get_if<Hash>(&job)) {
        index_.RemoveSample(*erased);
      }
    }
    if (const auto* number = std::get_if<std::string>(&job)) TakeUp(*number);
    base::MutexLock lock(mutex_);
    ++done_;
    changed_.NotifyAll();
  }
}

void SketchDesk::TakeUp(const std::string& application_no) {
  std::optional<SketchedCase> now;
  v1::Sample form;
  parts_.acknowledged.With([&](const registry::State& state) {
    const v1::Application* application =
        registry::FindApplication(state, application_no);
    if (application == nullptr) return;
    now = SketchedCaseOf(*application);
    form = application->form().sample();
  });
  {
    base::MutexLock lock(mutex_);
    const SketchedCase* before = index_.Find(application_no);
    if (before != nullptr && now == *before) return;
    index_.Remove(application_no);
  }
  if (!now.has_value()) return;
  auto sketch = Kept(now->sample);
  if (!sketch.ok()) sketch = Make(now->sample, form);
  if (!sketch.ok()) {
    // An opening that was erased takes the sketch along.
    if (absl::IsNotFound(parts_.store.GetOpening(now->sample).status())) return;
    services::Log(services::Severity::kWarning, "a sample has no sketch",
                  {{"application", application_no},
                   {"status", services::LogText(sketch.status())}});
    return;
  }
  base::MutexLock lock(mutex_);
  index_.Put(*now, *sketch);
}

absl::StatusOr<v1::RecordSketch> SketchDesk::Kept(const Hash& sample) const {
  ASSIGN_OR_RETURN(const std::string sealed, parts_.store.GetSketch(sample));
  return parts_.key.Unseal(sample, sealed);
}

absl::StatusOr<v1::RecordSketch> SketchDesk::Make(
    const Hash& sample, const v1::Sample& form) const {
  ASSIGN_OR_RETURN(const StoredOpening opening,
                   parts_.store.GetOpening(sample));
  const auto sha256 = Hash::From(hash::AsBytes(opening.value));
  if (!sha256.has_value()) {
    return absl::DataLossError("the opening of a sample is no digest");
  }
  std::string file;
  RETURN_IF_ERROR(parts_.files.Read(*sha256, [&file](Bytes chunk) {
    file.append(reinterpret_cast<const char*>(chunk.data()), chunk.size());
    return true;
  }));
  v1::RecordSketch sketch = parts_.key.SketchOf(SampleRecords(file, form));
  RETURN_IF_ERROR(
      parts_.store.PutSketch(sample, parts_.key.Seal(sample, sketch)));
  return sketch;
}

SketchDesk::Answer SketchDesk::Ask(const SketchedCase& of,
                                   const std::vector<SketchedCase>& also,
                                   std::chrono::milliseconds patience) const {
  const auto until = std::chrono::steady_clock::now() + patience;
  {
    base::MutexLock lock(mutex_);
    const uint64_t noted = noted_;
    while (done_ < noted && !stopping_ && changed_.WaitUntil(mutex_, until)) {
    }
  }
  Answer answer;
  const auto own = Kept(of.sample);
  SketchIndex::Found found;
  {
    base::MutexLock lock(mutex_);
    answer.to_be_made = noted_ - done_;
    if (own.ok()) found = index_.Search(of, *own);
  }
  if (!own.ok()) return answer;
  answer.looked = found.looked;
  std::set<std::string> taken;
  found.cases.insert(found.cases.end(), also.begin(), also.end());
  for (const SketchedCase& other : found.cases) {
    if (!taken.insert(other.application_no).second) continue;
    const auto theirs = Kept(other.sample);
    if (!theirs.ok()) continue;
    const uint32_t per_mille = registry::SketchLikeness(*own, *theirs);
    if (per_mille > 0) answer.alike.push_back({other, per_mille});
  }
  return answer;
}

}  // namespace dataip::registryd
