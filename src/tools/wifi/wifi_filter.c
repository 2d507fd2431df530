/* Filter programs: libpcap compiles what its language can say; cutting frames short is added to its
 * program by hand. See wifi_filter.h; for the header's length IEEE 802.11-2020, 9.3.2.1. */
#include "tools/wifi/wifi_filter.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const struct bpf_insn cut_data[];
static const size_t cut_data_count;
static const struct bpf_insn skip_radiotap[];
static const size_t skip_radiotap_count;
static const struct bpf_insn skip_nothing[];
static const size_t skip_nothing_count;

void wifi_filter_leave_out(struct wifi_filter *filter, struct macaddr address)
{
    if (!macaddr_is_zero(address) && filter->count < WIFI_ADDRESSES)
        filter->addresses[filter->count++] = address;
}

/* The address in any of the four places. */
static void add_address(struct buffer *text, struct macaddr address)
{
    char written[MACADDR_TEXT];
    macaddr_write(address, written);
    for (int place = 1; place <= 4; place++)
        buffer_printf(text, "%snot wlan addr%d %s", text->length ? " and " : "", place, written);
}

static int write_expression(const struct wifi_filter *filter, struct buffer *text)
{
    if (filter->management_only)
        buffer_add_text(text, "(type mgt or (type data and ether proto 0x888e))");
    for (size_t i = 0; i < filter->count; i++)
        add_address(text, filter->addresses[i]);
    return buffer_string(text) ? 0 : -ENOMEM;
}

/* Appends to a program; what accepted a frame goes on to it instead. */
static int append(struct bpf_program *program, const struct bpf_insn *more, size_t count)
{
    size_t before = program->bf_len;
    struct bpf_insn *whole = reallocarray(program->bf_insns, before + count, sizeof *whole);
    if (!whole)
        return -ENOMEM;
    program->bf_insns = whole;
    memcpy(whole + before, more, count * sizeof *more);
    for (size_t i = 0; i < before; i++)
        if (whole[i].code == (BPF_RET | BPF_K) && whole[i].k)
            whole[i] = (struct bpf_insn)BPF_STMT(BPF_JMP | BPF_JA, (uint32_t)(before - i - 1));
    program->bf_len += (unsigned)count;
    return 0;
}

static int add_cutting(struct bpf_program *program, int link_type, struct buffer *ret_why)
{
    int result;
    if (link_type != DLT_IEEE802_11_RADIO && link_type != DLT_IEEE802_11) {
        buffer_add_text(ret_why, "truncate_data: not for this radio's kind of frames");
        return -EINVAL;
    }
    if (link_type == DLT_IEEE802_11_RADIO)
        result = append(program, skip_radiotap, skip_radiotap_count);
    else
        result = append(program, skip_nothing, skip_nothing_count);
    if (!result)
        result = append(program, cut_data, cut_data_count);
    return result;
}

int wifi_filter_make(const struct wifi_filter *filter, pcap_t *pcap,
                     struct bpf_program *ret_program, struct buffer *ret_why)
{
    struct bpf_program program = {0};
    struct buffer text = {0};
    if (!filter->management_only && !filter->count && !filter->cuts_data)
        return 0;
    int result = write_expression(filter, &text);
    if (!result &&
        pcap_compile(pcap, &program, (const char *)text.data, 1, PCAP_NETMASK_UNKNOWN) < 0) {
        buffer_printf(ret_why, "no filter for this radio's frames: %s", pcap_geterr(pcap));
        result = -EINVAL;
    }
    buffer_done(&text);
    if (!result && filter->cuts_data)
        result = add_cutting(&program, pcap_datalink(pcap), ret_why);
    if (result < 0) {
        wifi_filter_done(&program);
        return result;
    }
    *ret_program = program;
    return 1;
}

void wifi_filter_done(struct bpf_program *program)
{
    pcap_freecode(program);
}

// clang-format off
/* X: where the 802.11 header begins. Its end accepts, for the next part to go on. */
static const struct bpf_insn skip_radiotap[] = {
    BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 3), /* the length of radiotap's header, low octet first */
    BPF_STMT(BPF_ALU | BPF_LSH | BPF_K, 8),
    BPF_STMT(BPF_MISC | BPF_TAX, 0),
    BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 2),
    BPF_STMT(BPF_ALU | BPF_OR | BPF_X, 0),
    BPF_STMT(BPF_MISC | BPF_TAX, 0),
    BPF_STMT(BPF_RET | BPF_K, 1),
};
static const size_t skip_radiotap_count = sizeof skip_radiotap / sizeof *skip_radiotap;

static const struct bpf_insn skip_nothing[] = {
    BPF_STMT(BPF_LDX | BPF_IMM, 0),
    BPF_STMT(BPF_RET | BPF_K, 1),
};
static const size_t skip_nothing_count = sizeof skip_nothing / sizeof *skip_nothing;

/* All of other frames; of data the header: 24 octets, and as its control field says a fourth
 * address, the quality of service, the HT control. M[0] adds them up. */
static const struct bpf_insn cut_data[] = {
    BPF_STMT(BPF_LD | BPF_B | BPF_IND, 0),
    BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0x0c),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x08, 1, 0),
    BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
    BPF_STMT(BPF_MISC | BPF_TXA, 0),
    BPF_STMT(BPF_ALU | BPF_ADD | BPF_K, 24),
    BPF_STMT(BPF_ST, 0),
    BPF_STMT(BPF_LD | BPF_B | BPF_IND, 1),
    BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0x03),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x03, 0, 3),
    BPF_STMT(BPF_LD | BPF_MEM, 0),
    BPF_STMT(BPF_ALU | BPF_ADD | BPF_K, 6),
    BPF_STMT(BPF_ST, 0),
    BPF_STMT(BPF_LD | BPF_B | BPF_IND, 0),
    BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x80, 0, 8),
    BPF_STMT(BPF_LD | BPF_MEM, 0),
    BPF_STMT(BPF_ALU | BPF_ADD | BPF_K, 2),
    BPF_STMT(BPF_ST, 0),
    BPF_STMT(BPF_LD | BPF_B | BPF_IND, 1),
    BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x80, 0, 3),
    BPF_STMT(BPF_LD | BPF_MEM, 0),
    BPF_STMT(BPF_ALU | BPF_ADD | BPF_K, 4),
    BPF_STMT(BPF_ST, 0),
    BPF_STMT(BPF_LD | BPF_MEM, 0),
    BPF_STMT(BPF_RET | BPF_A, 0),
};
static const size_t cut_data_count = sizeof cut_data / sizeof *cut_data;
// clang-format on
