/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>
#include "io/identity.h"

const char *fn_form_name(fn_form form)
{
    static const char *const name[] = {
        "", "llc", "jsc", "partnership", "state_firm", "state_body", "cooperative", "association", "person"
    };
    return name[form];
}

#define LLC FN_FORM_LLC
#define JSC FN_FORM_JSC
#define PARTNERSHIP FN_FORM_PARTNERSHIP
#define STATE_FIRM FN_FORM_STATE_FIRM
#define STATE_BODY FN_FORM_STATE_BODY
#define COOPERATIVE FN_FORM_COOPERATIVE
#define ASSOCIATION FN_FORM_ASSOCIATION
#define PERSON FN_FORM_PERSON

/* Written as names are after normalising: lower case, no accents on Latin letters, runs of single letters joined
 * ("S. de R.L. de C.V." is "s de rl de cv"). Forms that stand in front of names, too, are marked. */
const fn_form_row fn_form_rows[] = {
    /* limited companies */
    { "общество с ограниченной ответственностью", LLC, true },
    { "товарищество с ограниченной ответственностью", LLC, true },
    { "жауапкершілігі шектеулі серіктестігі", LLC, true },
    { "жауапкершілігі шектеулі серіктестік", LLC, true },
    { "товариство з обмеженою відповідальністю", LLC, true },
    { "ооо", LLC, true }, { "тоо", LLC, true }, { "жшс", LLC, true }, { "тов", LLC, true }, { "осоо", LLC, true },
    { "жчк", LLC, true }, { "мчж", LLC, true }, { "mchj", LLC, true }, { "too", LLC, true }, { "ooo", LLC, true },
    { "ltd", LLC, false }, { "limited", LLC, false }, { "limited liability company", LLC, false },
    { "co ltd", LLC, false }, { "company limited", LLC, false }, { "llc", LLC, false }, { "llp", LLC, false },
    { "limited liability partnership", LLC, false }, { "pvt ltd", LLC, false }, { "private limited", LLC, false },
    { "pte ltd", LLC, false }, { "pty ltd", LLC, false }, { "sdn bhd", LLC, false },
    { "gmbh", LLC, false }, { "ggmbh", LLC, false }, { "mbh", LLC, false }, { "ug", LLC, false },
    { "ug haftungsbeschrankt", LLC, false }, { "gesellschaft mit beschrankter haftung", LLC, false },
    { "sarl", LLC, true }, { "eurl", LLC, true }, { "societe a responsabilite limitee", LLC, true },
    { "sl", LLC, false }, { "slu", LLC, false }, { "sll", LLC, false }, { "sociedad limitada", LLC, false },
    { "srl", LLC, true }, { "srls", LLC, false }, { "srlu", LLC, false }, { "s de rl", LLC, false },
    { "s de rl de cv", LLC, false },
    { "societa a responsabilita limitata", LLC, false }, { "srl unipersonale", LLC, false },
    { "ltda", LLC, false }, { "limitada", LLC, false }, { "lda", LLC, false }, { "unipessoal lda", LLC, false },
    { "eireli", LLC, false }, { "sp zoo", LLC, false }, { "sp z oo", LLC, false },
    { "spolka z ograniczona odpowiedzialnoscia", LLC, false },
    { "sro", LLC, false }, { "spol sro", LLC, false }, { "kft", LLC, false }, { "doo", LLC, false },
    { "доо", LLC, false }, { "еоод", LLC, false }, { "оод", LLC, false }, { "eood", LLC, false },
    { "ood", LLC, false }, { "ou", LLC, true }, { "osauhing", LLC, true }, { "sia", LLC, true },
    { "uab", LLC, true }, { "shpk", LLC, false }, { "bv", LLC, false }, { "bvba", LLC, false },
    { "besloten vennootschap", LLC, false }, { "aps", LLC, false }, { "anpartsselskab", LLC, false },
    { "oy", LLC, true }, { "ltd sti", LLC, false }, { "sti", LLC, false },
    { "սպը", LLC, false },
    /* companies with shares */
    { "փբը", JSC, false }, { "բբը", JSC, false },
    { "акционерное общество", JSC, true }, { "публичное акционерное общество", JSC, true },
    { "открытое акционерное общество", JSC, true }, { "закрытое акционерное общество", JSC, true },
    { "непубличное акционерное общество", JSC, true }, { "некоммерческое акционерное общество", JSC, true },
    { "акционерлік қоғамы", JSC, true }, { "акционерлік қоғам", JSC, true },
    { "акціонерне товариство", JSC, true }, { "публічне акціонерне товариство", JSC, true },
    { "приватне акціонерне товариство", JSC, true },
    { "ао", JSC, true }, { "пао", JSC, true }, { "оао", JSC, true }, { "зао", JSC, true }, { "нао", JSC, true },
    { "ақ", JSC, true }, { "кеақ", JSC, true }, { "ат", JSC, true }, { "пат", JSC, true }, { "прат", JSC, true },
    { "ват", JSC, true }, { "зат", JSC, true }, { "ад", JSC, false }, { "еад", JSC, false },
    { "plc", JSC, false }, { "jsc", JSC, true }, { "cjsc", JSC, true }, { "ojsc", JSC, true }, { "pjsc", JSC, true },
    { "joint stock company", JSC, false }, { "inc", JSC, false }, { "incorporated", JSC, false },
    { "corp", JSC, false }, { "corporation", JSC, false }, { "co", JSC, false }, { "ag", JSC, false },
    { "aktiengesellschaft", JSC, false }, { "se", JSC, false }, { "kgaa", JSC, false }, { "sa", JSC, false },
    { "societe anonyme", JSC, false }, { "sas", JSC, false }, { "sasu", JSC, false }, { "sau", JSC, false },
    { "sociedad anonima", JSC, false }, { "sa de cv", JSC, false }, { "sab de cv", JSC, false },
    { "sapi de cv", JSC, false }, { "sociedad anonima de capital variable", JSC, false }, { "sgps", JSC, false },
    { "sgps sa", JSC, false }, { "spa", JSC, false }, { "societa per azioni", JSC, false }, { "as", JSC, false },
    { "nv", JSC, false }, { "naamloze vennootschap", JSC, false }, { "ab", JSC, false }, { "abp", JSC, false },
    { "oyj", JSC, false }, { "asa", JSC, false }, { "nyrt", JSC, false }, { "zrt", JSC, false },
    { "dd", JSC, false }, { "spolka akcyjna", JSC, false }, { "ltee", JSC, false },
    /* partnerships */
    { "kg", PARTNERSHIP, false }, { "ohg", PARTNERSHIP, false }, { "gbr", PARTNERSHIP, false },
    { "gmbh & co kg", PARTNERSHIP, false }, { "ag & co kg", PARTNERSHIP, false }, { "snc", PARTNERSHIP, false },
    { "sca", PARTNERSHIP, false }, { "scs", PARTNERSHIP, false }, { "lp", PARTNERSHIP, false },
    { "sc", PARTNERSHIP, true }, { "cb", PARTNERSHIP, false }, { "sp j", PARTNERSHIP, false },
    { "sp k", PARTNERSHIP, false }, { "vos", PARTNERSHIP, false }, { "ks", PARTNERSHIP, false },
    { "ky", PARTNERSHIP, true }, { "kom", PARTNERSHIP, false },
    /* state and municipal enterprises */
    { "гп", STATE_FIRM, true }, { "гуп", STATE_FIRM, true }, { "муп", STATE_FIRM, true },
    { "фгуп", STATE_FIRM, true }, { "ргп", STATE_FIRM, true }, { "ргп на пхв", STATE_FIRM, true },
    { "ргкп", STATE_FIRM, true }, { "гкп", STATE_FIRM, true }, { "гкп на пхв", STATE_FIRM, true },
    { "гккп", STATE_FIRM, true }, { "кгп", STATE_FIRM, true }, { "кгп на пхв", STATE_FIRM, true },
    { "рмк", STATE_FIRM, true }, { "мкк", STATE_FIRM, true }, { "кмк", STATE_FIRM, true },
    { "мкқк", STATE_FIRM, true }, { "шжқ рмк", STATE_FIRM, true }, { "шжқ мкк", STATE_FIRM, true },
    { "шжқ кмк", STATE_FIRM, true }, { "дп", STATE_FIRM, true }, { "кп", STATE_FIRM, true },
    { "кнп", STATE_FIRM, true }, { "eop", STATE_FIRM, false }, { "epe", STATE_FIRM, false },
    /* state and municipal institutions */
    { "гу", STATE_BODY, true }, { "кгу", STATE_BODY, true }, { "ргу", STATE_BODY, true }, { "гбу", STATE_BODY, true },
    { "фгбу", STATE_BODY, true }, { "мбу", STATE_BODY, true }, { "гбоу", STATE_BODY, true },
    { "фгбоу", STATE_BODY, true }, { "государственное учреждение", STATE_BODY, true },
    { "республиканское государственное учреждение", STATE_BODY, true },
    { "коммунальное государственное учреждение", STATE_BODY, true }, { "мемлекеттік мекемесі", STATE_BODY, true },
    { "коммуналдық мемлекеттік мекемесі", STATE_BODY, true }, { "мм", STATE_BODY, true },
    { "кмм", STATE_BODY, true }, { "рмм", STATE_BODY, true },
    /* cooperatives */
    { "пк", COOPERATIVE, true }, { "спк", COOPERATIVE, true }, { "кфх", COOPERATIVE, true },
    { "кх", COOPERATIVE, true }, { "шқ", COOPERATIVE, true }, { "өк", COOPERATIVE, true },
    { "coop", COOPERATIVE, true }, { "scoop", COOPERATIVE, true }, { "s coop", COOPERATIVE, false },
    { "soc coop", COOPERATIVE, true }, { "societa cooperativa", COOPERATIVE, true },
    { "societa cooperativa sociale", COOPERATIVE, true }, { "soc coop soc", COOPERATIVE, true },
    { "cooperativa sociale", COOPERATIVE, true }, { "eg", COOPERATIVE, false }, { "crl", COOPERATIVE, false },
    { "scrl", COOPERATIVE, false }, { "scarl", COOPERATIVE, false }, { "scpa", COOPERATIVE, false },
    /* associations */
    { "оо", ASSOCIATION, true }, { "оф", ASSOCIATION, true }, { "чу", ASSOCIATION, true },
    { "ано", ASSOCIATION, true }, { "нко", ASSOCIATION, true }, { "тсж", ASSOCIATION, true },
    { "осс", ASSOCIATION, true }, { "қб", ASSOCIATION, true }, { "қмқ", ASSOCIATION, true },
    { "ev", ASSOCIATION, false }, { "asbl", ASSOCIATION, true }, { "vzw", ASSOCIATION, false },
    { "onlus", ASSOCIATION, false }, { "asd", ASSOCIATION, true }, { "ac", ASSOCIATION, false },
    /* one person */
    { "ա ձ", PERSON, false }, { "ип", PERSON, true }, { "индивидуальный предприниматель", PERSON, true }, { "жк", PERSON, true },
    { "жеке кәсіпкер", PERSON, true }, { "жеке кәсіпкері", PERSON, true }, { "фоп", PERSON, true },
    { "фізична особа підприємець", PERSON, true }, { "чп", PERSON, true }, { "яттс", PERSON, true },
    { "ятт", PERSON, true }, { "ek", PERSON, false }, { "pfa", PERSON, true }, { "autonomo", PERSON, false },
    { "mei", PERSON, false }, { "ditta individuale", PERSON, true }, { "persona fisica", PERSON, true },
    { NULL, FN_FORM_NONE, false }
};
