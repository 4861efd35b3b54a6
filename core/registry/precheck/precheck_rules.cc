// Names and general remedies of the rules of Appendix B.
#include <array>

#include "core/registry/precheck/precheck.h"

namespace dataip::registry {
namespace {

constexpr std::array<PrecheckRule, 24> kPrecheckRules = {{
    {"B01", "名称格式", "form of the name", "请按“用途+内容+数据集”修改名称",
     "name what the data are for and what they are, then 数据集", ""},
    {"B02", "申请人身份", "identity of the applicants",
     "请先登记主体，并核对主体编号", "register the party and check its number",
     "GB 32100-2015", true},
    {"B03", "共同申请人签署", "signatures of all applicants",
     "请由全体申请人签署，或通过草稿逐一会签",
     "have every applicant sign, in one command or on a draft", "", true},
    {"B04", "行业代码", "industry code", "请在国民经济行业分类表中查代码",
     "look the code up in the table of industries", "GB/T 4754-2017"},
    {"B05", "应用场景四要素", "four parts of the scene",
     "请写明条件、范围、对象与解决的问题",
     "give conditions, scope, object and problem", ""},
    {"B06", "来源及证明", "sources and their proof",
     "请为每项来源填写方法并附证明", "give each source its method and proof",
     ""},
    {"B07", "合同期限", "term of the contracts", "请附有效合同，或续签合同",
     "give a contract in force, or prolong it", ""},
    {"B08", "字段表", "field table", "请补全字段表，名称不得重复",
     "complete the field table, each name once", ""},
    {"B09", "样例与字段表一致", "sample fits the field table",
     "请按字段表重新生成样例", "make the sample again by the field table", ""},
    {"B10", "样例脱敏", "sample is masked", "请脱敏后重新生成样例",
     "mask the values and make the sample again", "GB/T 35273-2020"},
    {"B11", "数据规模", "size of the data", "请核对记录数与字节数",
     "check count and size", ""},
    {"B12", "存证时间", "time of the evidence", "请核对存证时间",
     "check the time of the evidence", ""},
    {"B13", "存证摘要格式", "form of the digest", "请填写 64 位十六进制摘要",
     "give a digest of 64 hex digits", ""},
    {"B14", "数据与存证一致", "data fit the deposit",
     "请用同一数据文件重新存证并核对", "deposit the same data file again", ""},
    {"B15", "算法规则说明", "account of the algorithm",
     "请依次写明采集、清洗、计算、校验等步骤",
     "name the steps in order: collect, clean, compute, check", ""},
    {"B16", "去标识化", "de-identification", "请填写去标识化方法、标准与试验",
     "give method, standard and test of the de-identification",
     "GB/T 37964-2019"},
    {"B17", "数据分类", "classes of the data", "请核对各字段的分类",
     "check the class of each field", "GB/T 43697-2024"},
    {"B18", "查重", "duplicates", "请说明与相似申请的区别，或撤回重复的申请",
     "explain how the data differ, or withdraw the duplicate", "", true},
    {"B19", "首次登记声明", "earlier registrations",
     "请如实填写其他机构的在先登记", "declare registrations elsewhere", ""},
    {"B20", "在先申请关联", "predecessor is linked",
     "请在 predecessor_no 中填写在先申请号",
     "name the earlier application in predecessor_no", "", true},
    {"B21", "承诺书签署", "commitment letter is signed",
     "请由第一申请人或其代理人签署",
     "have the primary applicant or its agent sign", "", true},
    {"B22", "代理权限", "agent's power", "请由申请人授权，写明事项、对象与期限",
     "have the applicant grant a power for this act, object and day", "", true},
    {"B23", "公开文字", "public text", "请删除或遮盖不宜公开的内容",
     "remove or mask what must not be public", "个人信息保护法第二十八条"},
    {"B24", "登记对象类型", "kind of object", "请改为本地规则接受的类型",
     "choose a kind that the rules here take", ""},
}};

}  // namespace

std::span<const PrecheckRule> PrecheckRules() { return kPrecheckRules; }

}  // namespace dataip::registry
