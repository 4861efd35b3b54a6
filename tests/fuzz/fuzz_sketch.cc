// A record sketch as an examiner's client reads it, and paths into a form as
// filings seal and examiners flag them: whatever comes, likeness is a share,
// even of itself, and a path that names a field begins with one.
#include <cstdlib>
#include <string>

#include "core/registry/form/form_path.h"
#include "core/registry/values/canonical.h"
#include "core/registry/values/record_sketch.h"
#include "dataip/registry/v1/application_form.pb.h"

namespace {

namespace v1 = dataip::registry::v1;

v1::ApplicationForm Form() {
  v1::ApplicationForm form;
  form.add_sources()->set_method("a");
  form.add_fields()->set_name("b");
  form.mutable_scenario()->set_scope("c");
  return form;
}

void CheckSketch(const std::string& input) {
  using namespace dataip::registry;
  const auto sketch = ParseCanonical<v1::RecordSketch>(input);
  if (!sketch.ok()) return;
  v1::RecordSketch other;
  other.add_minima(1);
  other.set_records(1);
  const uint32_t self = SketchLikeness(*sketch, *sketch);
  const bool whole = IsSketch(*sketch) && sketch->minima_size() > 0;
  if (self != (whole ? 1'000u : 0u) || SketchLikeness(*sketch, other) > 1'000 ||
      SketchLikeness(*sketch, other) != SketchLikeness(other, *sketch)) {
    std::abort();
  }
}

void CheckPath(const std::string& path) {
  using namespace dataip::registry;
  static const v1::ApplicationForm form = Form();
  if (!IsFormPath(form, path)) return;
  if (v1::ApplicationForm::descriptor()->FindFieldByName(TopLevelField(path)) ==
      nullptr) {
    std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  const std::string input(bytes, bytes + size);
  CheckSketch(input);
  CheckPath(input);
  return 0;
}
